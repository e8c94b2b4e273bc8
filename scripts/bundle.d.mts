/** Bundles a TypeScript program for Node. @returns the path of the bundle. */
export function bundle(entry: string): Promise<string>
