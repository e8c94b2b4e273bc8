import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, expect } from 'vitest'
import { createOnlineMessageClient, OnlineMessageProvider } from '../../src/index.ts'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'

/** The command of the app's own messages in these tests. They use the same transport as typing. */
export const APP_MESSAGE = 'said'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanups.splice(0)) cleanUp()
})

/** What Bob sees of Ann. Each promise rejects when it does not happen in time. */
interface Bob {
  /** Resolves when Bob sees Ann typing. */
  seesTyping(): Promise<void>
  /** Resolves when Bob sees Ann typing no more. */
  seesNobody(): Promise<void>
  /** Rejects if Bob has ever seen Ann typing. It waits for a message that Ann sends after everything she has done. */
  hasSeenNothing(): Promise<void>
  /** Resolves when the app's own message has arrived. Rejects if Bob still saw Ann typing then. */
  gets(text: string): Promise<void>
}

/** Renders Ann's composer, in which she writes to Bob. Bob is another device, without a page. */
export function typingBetweenTwo(composer: ReactNode): { bob: Bob } {
  const network = createMemoryNetwork()
  const ann = createOnlineMessageClient({ transport: network.join({ id: 'ann' }) })
  const bob = createOnlineMessageClient({ transport: network.join({ id: 'bob' }) })

  const typists = bob.typists({ user: 'ann' })
  let starts = 0
  const unsubscribeTypists = typists.subscribe(({ total }) => {
    starts += total
  })

  const got: unknown[] = []
  const unsubscribe = bob.subscribe({ user: 'ann' }, APP_MESSAGE, ({ data }) => {
    got.push({ text: data, stillTyping: typists.getState().total > 0 })
  })

  const container = document.body.appendChild(document.createElement('div'))
  const root = createRoot(container)
  root.render(
    <StrictMode>
      <OnlineMessageProvider client={ann}>{composer}</OnlineMessageProvider>
    </StrictMode>,
  )
  cleanups.push(() => {
    root.unmount()
    container.remove()
    unsubscribeTypists()
    unsubscribe()
  })

  const sees = (total: number) =>
    expect.poll(() => typists.getState().total, { timeout: 2000, interval: 10 }).toBe(total)
  return {
    bob: {
      seesTyping: () => sees(1),
      seesNobody: () => sees(0),
      async hasSeenNothing() {
        // A key may take effect in the next task. What is sent after that arrives after it (T6).
        await new Promise((resolve) => setTimeout(resolve))
        await new Promise<void>((resolve) => {
          const unsubscribeFence = bob.subscribe({ user: 'ann' }, 'fence', () => {
            unsubscribeFence()
            resolve()
          })
          void ann.send({ user: 'bob' }, 'fence')
        })
        expect(starts).toBe(0)
      },
      gets: (text) => expect.poll(() => got, { timeout: 2000, interval: 10 }).toEqual([{ text, stillTyping: false }]),
    },
  }
}
