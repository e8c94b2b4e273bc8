import { type Listenable, listen } from './listen.ts'

/** The parts of a web page that are used here, where there is a page: the core has no DOM types. */
interface Page extends Listenable<unknown> {
  readonly document?: { readonly hidden: boolean }
}

const page = globalThis as unknown as Page

/** What `watchPageVisibility` calls. */
export interface PageVisibilityListener {
  /** The page was hidden, is shown again, or got the focus. */
  onVisibilityChange(): void
  /** The page is left. */
  onPageHide(): void
}

/** Knows whether a person can see the page, or the app. */
export interface VisibilitySource {
  /** Whether a person can see it now. */
  isVisible(): boolean
  /** Calls the listener until the function that it returns is called. */
  watch(listener: PageVisibilityListener): () => void
}

const isWebPageVisible = () => page.document?.hidden !== true

const watchWebPage = ({ onVisibilityChange, onPageHide }: PageVisibilityListener) => {
  const listeners = {
    visibilitychange: onVisibilityChange,
    focus: onVisibilityChange,
    pagehide: onPageHide,
  }
  return listen(page, listeners, false)
}

/**
 * A web page, which everything watches at first. A browser hides it before it freezes it. Where there is no page, it is
 * always visible, and the listener is not called.
 */
export const webPage: VisibilitySource = { isVisible: isWebPageVisible, watch: watchWebPage }

/** Whether a person can see the page. Where there is no page, always. */
export let isPageVisible: VisibilitySource['isVisible'] = isWebPageVisible

/** Calls back when the visibility of the page changes and when the page is left (S4), until its result is called. */
export let watchPageVisibility: VisibilitySource['watch'] = watchWebPage

/** Makes everything that watches from now on watch this source. React Native has an app state in place of a page. */
export function setVisibilitySource({ isVisible, watch }: VisibilitySource): void {
  isPageVisible = isVisible
  watchPageVisibility = watch
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
  const listeners = { pagehide: onAway, freeze: onAway, pageshow: onBack, resume: onBack }
  // Browsers dispatch `freeze` and `resume` to the document, and they do not bubble: only capturing sees them here.
  return listen(page, listeners, true)
}
