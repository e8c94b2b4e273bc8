interface Options {
  readonly signal: AbortSignal
  readonly capture?: boolean
}

/** What is used of a web page, where there is one: this layer has no DOM. */
interface Page {
  readonly document?: { readonly hidden: boolean }
  addEventListener?(type: string, listener: () => void, options: Options): void
}

const page = globalThis as unknown as Page

/** Whether the page is in sight. Where there is no page it is. */
export const isPageVisible = (): boolean => !page.document?.hidden

/**
 * Tells when the page goes out of sight, comes back or gets the focus, and when it is left, until switched off (S4). A
 * page is hidden before it is frozen. Where there is no page, nothing is told.
 */
export function watchPageVisibility(turned: () => void, left: () => void): () => void {
  const watch = new AbortController()
  for (const type of ['visibilitychange', 'focus']) page.addEventListener?.(type, turned, watch)
  page.addEventListener?.('pagehide', left, watch)
  return () => watch.abort()
}

/**
 * Tells when the page is put away (left, frozen, or kept for going back to it) and when it is back, until switched off.
 * It may be told twice. Where there is no page, nothing is told.
 */
export function watchPageLifecycle(away: () => void, back: () => void): () => void {
  const watch = new AbortController()
  // Freezing is told to the document and does not bubble.
  const options = { signal: watch.signal, capture: true }
  for (const type of ['pagehide', 'freeze']) page.addEventListener?.(type, away, options)
  for (const type of ['pageshow', 'resume']) page.addEventListener?.(type, back, options)
  return () => watch.abort()
}
