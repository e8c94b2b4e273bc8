/** The part of Standard Schema 1 (https://standardschema.dev) that is used here. Zod, Valibot, ArkType and others have it. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  /** What a schema of any library is asked with. */
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly value?: undefined; readonly issues: readonly { readonly message: string }[] }
