export declare const rows: readonly { readonly name: string; readonly version: string }[]
