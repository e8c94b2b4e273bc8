/** Bundlers replace it. Only NODE_ENV is read: tsconfig.client.json and tsconfig.core.json see only this. */
declare const process: { readonly env: { readonly NODE_ENV?: string } }
