/** Whose connections are to be looked at again (I1). */
export interface Reidentification {
  /** The id of the user that they have now. */
  readonly user: string
  /** Only those about which `identify` was asked at this time or earlier, by the server's clock. */
  readonly before: number
}
