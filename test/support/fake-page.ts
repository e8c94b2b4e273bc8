import { vi } from 'vitest'

export interface FakePage {
  hide(): void
  show(): void
  focus(): void
  leave(): void
  /** The page comes back from the back/forward cache. */
  restore(): void
  freeze(): void
  resume(): void
  /** How many listeners are on the page now. */
  listeners(): number
}

/** Puts a page into globalThis. `vi.unstubAllGlobals()` takes it away. */
export function fakePage(): FakePage {
  const listeners = new Set<{ readonly type: string; readonly isCapturing: boolean; readonly call: () => void }>()
  const document = { hidden: false }
  vi.stubGlobal('document', document)
  vi.stubGlobal('addEventListener', (type: string, call: () => void, isCapturing: boolean) => {
    listeners.add({ type, call, isCapturing })
  })
  vi.stubGlobal('removeEventListener', (type: string, call: () => void, isCapturing: boolean) => {
    for (const listener of listeners) {
      const isSame = listener.type === type && listener.call === call && listener.isCapturing === isCapturing
      if (isSame) listeners.delete(listener)
    }
  })

  const dispatchToWindow = (type: string) => {
    for (const listener of [...listeners]) if (listener.type === type) listener.call()
  }
  /** An event that does not bubble reaches a listener on the window only if that listener captures. */
  const dispatchToDocument = (type: string) => {
    for (const listener of [...listeners]) if (listener.type === type && listener.isCapturing) listener.call()
  }
  const setHidden = (hidden: boolean) => {
    document.hidden = hidden
    dispatchToWindow('visibilitychange')
  }
  return {
    hide: () => setHidden(true),
    show: () => setHidden(false),
    focus: () => dispatchToWindow('focus'),
    leave: () => dispatchToWindow('pagehide'),
    restore: () => dispatchToWindow('pageshow'),
    freeze: () => dispatchToDocument('freeze'),
    resume: () => dispatchToDocument('resume'),
    listeners: () => listeners.size,
  }
}
