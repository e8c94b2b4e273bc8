/** A person, a device owner or a bot. The server writes it; a sender never says who it is (T3). */
export interface User {
  /** What `Conversation.user` names. */
  readonly id: string
  /** Shown to others as it stands. Without it a group says "Somebody". */
  readonly name?: string | undefined
  /** Address of a picture. */
  readonly avatar?: string | undefined
}
