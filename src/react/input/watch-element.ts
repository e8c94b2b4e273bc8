import type { TypingInputEvent } from './typing-input-event.ts'

interface ElementWatcher {
  /** Called with each `beforeinput` event. Dictation in an editor that writes the words itself fires no other. */
  onBeforeInput(event: TypingInputEvent): void
  /** Called when the window of the element is hidden or closed (S4), unless it is the window of this program. */
  onWindowHidden(): void
}

/**
 * Listens to what React has no props for, until the function that it returns is called. It does without the option
 * `signal`, which jsdom and React Native refuse.
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
  const removals = [
    listen(element, 'beforeinput', onInput),
    listen(otherWindow, 'visibilitychange', onVisibilityChange),
    listen(otherWindow, 'pagehide', onWindowHidden),
  ]
  return () => {
    for (const remove of removals) remove()
  }
}

/** An element of React Native has no such methods. */
type MaybeEventTarget = Partial<EventTarget> | null | undefined

function listen(target: MaybeEventTarget, type: string, listener: (event: Event) => void): () => void {
  target?.addEventListener?.(type, listener, true)
  return () => target?.removeEventListener?.(type, listener, true)
}
