/**
 * Whether checks and warnings for developers are wanted. A page without a bundler has no `process` and counts as production.
 *
 * Use it as `if (isDevelopment && process.env.NODE_ENV !== 'production')`. The second half says the same once more: bundlers
 * replace it, and leave out what depends on it in production. `typeof process` is not asked: a bundler replaces
 * `process.env.NODE_ENV` in a page, which has no `process` all the same.
 */
export const isDevelopment: boolean = readIsDevelopment()

function readIsDevelopment(): boolean {
  try {
    return process.env.NODE_ENV !== 'production'
  } catch {
    return false
  }
}
