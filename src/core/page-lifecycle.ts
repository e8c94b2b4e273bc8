interface ListenerOptions {
  readonly signal: AbortSignal
  readonly capture?: boolean
}

/** The parts of a web page that are used here, where there is a page: the core has no DOM types. */
interface Page {
  readonly document?: { readonly hidden: boolean }
  addEventListener?(type: string, listener: () => void, options: ListenerOptions): void
}

const page = globalThis as unknown as Page

/** Whether a person can see the page. Where there is no page, always. */
export function isPageVisible(): boolean {
  return page.document?.hidden !== true
}

/** What `watchPageVisibility` calls. */
export interface PageVisibilityListener {
  /** The page was hidden, is shown again, or got the focus. */
  onVisibilityChange(): void
  /** The page is left. */
  onPageHide(): void
}

/**
 * Calls back when the visibility of the page changes and when the page is left (S4), until the function that it returns
 * is called. A browser hides a page before it freezes it. Where there is no page, it calls nothing.
 */
export function watchPageVisibility({ onVisibilityChange, onPageHide }: PageVisibilityListener): () => void {
  const controller = new AbortController()
  const options = { signal: controller.signal }
  page.addEventListener?.('visibilitychange', onVisibilityChange, options)
  page.addEventListener?.('focus', onVisibilityChange, options)
  page.addEventListener?.('pagehide', onPageHide, options)
  return () => controller.abort()
}

/** What `watchPageLifecycle` calls. Each may be called twice in a row. */
export interface PageLifecycleListener {
  /** The page is left, frozen, or kept in the back/forward cache. */
  onAway(): void
  /** The page is used again. */
  onBack(): void
}

/**
 * Calls back when the page is put away and when it is back, until the function that it returns is called. Where there is
 * no page, it calls nothing.
 */
export function watchPageLifecycle({ onAway, onBack }: PageLifecycleListener): () => void {
  const controller = new AbortController()
  // Browsers dispatch `freeze` and `resume` to the document, and they do not bubble: only capturing sees them here.
  const options = { signal: controller.signal, capture: true }
  page.addEventListener?.('pagehide', onAway, options)
  page.addEventListener?.('freeze', onAway, options)
  page.addEventListener?.('pageshow', onBack, options)
  page.addEventListener?.('resume', onBack, options)
  return () => controller.abort()
}
