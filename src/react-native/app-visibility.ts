import { AppState } from 'react-native'
import { type VisibilitySource, webPage } from '../core/page-lifecycle.ts'

/**
 * An app on a phone. It is hidden while it is in the background, and typing ends then (S4).
 *
 * iOS calls an app `inactive` under a call, a permission dialog or the app switcher. A person still sees it then, and
 * without keys typing ends by itself (S3). If they leave the app, `background` follows.
 */
export const appVisibility: VisibilitySource = {
  isVisible: () => AppState.currentState !== 'background' && webPage.isVisible(),
  watch(listener) {
    const subscription = AppState.addEventListener('change', listener.onVisibilityChange)
    // react-native-web runs in a page, which can be closed.
    const unwatchPage = webPage.watch(listener)
    return () => {
      subscription.remove()
      unwatchPage()
    }
  },
}
