import { listen } from '../../core/listen.ts'
import type { TypingInputEvent } from './typing-input-event.ts'

interface ElementWatcher {
  /** Called with each `beforeinput` event. Dictation in an editor that writes the words itself fires no other. */
  onBeforeInput(event: TypingInputEvent): void
  /** Called when the window of the element is hidden or closed (S4), unless it is the window of this program. */
  onWindowHidden(): void
}

/**
 * Listens to what React has no props for, until the function that it returns is called.
 *
 * An app may show a field in a window that it has opened, or in a picture-in-picture window. The client watches its own
 * window only.
 */
export function watchElement(element: EventTarget, { onBeforeInput, onWindowHidden }: ElementWatcher): () => void {
  const { ownerDocument } = element as Partial<Element>
  const otherWindow = ownerDocument === globalThis.document ? undefined : ownerDocument?.defaultView

  const onInput = (event: Event) => onBeforeInput({ type: event.type, currentTarget: element, nativeEvent: event })
  const onVisibilityChange = () => {
    if (ownerDocument?.hidden) onWindowHidden()
  }
  const unlistenElement = listen(element, { beforeinput: onInput }, true)
  const unlistenWindow = listen(otherWindow, { visibilitychange: onVisibilityChange, pagehide: onWindowHidden }, true)
  return () => {
    unlistenElement()
    unlistenWindow()
  }
}
