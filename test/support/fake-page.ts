import { vi } from 'vitest'

export interface FakePage {
  hide(): void
  show(): void
  leave(): void
  focus(): void
  /** How many listeners are on the page now. */
  listeners(): number
}

/** Puts a page into globalThis. `vi.unstubAllGlobals()` takes it away. */
export function fakePage(): FakePage {
  const target = new EventTarget()
  const document = { hidden: false }
  let added = 0
  vi.stubGlobal('document', document)
  vi.stubGlobal('addEventListener', (type: string, listener: () => void, options: { readonly signal: AbortSignal }) => {
    target.addEventListener(type, listener, options)
    added++
    options.signal.addEventListener('abort', () => added--)
  })
  const turn = (hidden: boolean) => {
    document.hidden = hidden
    target.dispatchEvent(new Event('visibilitychange'))
  }
  return {
    hide: () => turn(true),
    show: () => turn(false),
    leave: () => target.dispatchEvent(new Event('pagehide')),
    focus: () => target.dispatchEvent(new Event('focus')),
    listeners: () => added,
  }
}
