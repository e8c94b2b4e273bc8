import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, expect } from 'vitest'
import { createOnlineMessageClient, OnlineMessageProvider } from '../../src/index.ts'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'

/** The command that the app's own messages come by here, on the carrier that typing comes by. */
export const APP_MESSAGE = 'said'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanups.splice(0)) cleanUp()
})

/** What Bob sees of Ann. */
interface Bob {
  /** Resolves when she is seen typing. */
  seesTyping(): Promise<void>
  /** Resolves when she is not seen typing any more. */
  seesNobody(): Promise<void>
  /** Fails if she was ever seen typing, by the time a message sent after all she did has arrived. */
  hasSeenNothing(): Promise<void>
  /** Resolves when the app's own message has come. Fails if she was still seen typing then. */
  gets(text: string): Promise<void>
}

/** Draws what Ann has before her, talking to Bob in real DOM; Bob watches from another device. */
export function typingBetweenTwo(composer: ReactNode): { bob: Bob } {
  const network = createMemoryNetwork()
  const ann = createOnlineMessageClient({ transport: network.join({ id: 'ann' }) })
  const bob = createOnlineMessageClient({ transport: network.join({ id: 'bob' }) })

  const typists = bob.typists({ user: 'ann' })
  let starts = 0
  const unwatch = typists.subscribe(({ total }) => {
    starts += total
  })

  const got: unknown[] = []
  const deafen = bob.subscribe({ user: 'ann' }, APP_MESSAGE, ({ data }) => {
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
    unwatch()
    deafen()
  })

  const sees = (total: number) =>
    expect.poll(() => typists.getState().total, { timeout: 2000, interval: 10 }).toBe(total)
  return {
    bob: {
      seesTyping: () => sees(1),
      seesNobody: () => sees(0),
      async hasSeenNothing() {
        // What a key does may take until the next task. A fence sent after it arrives after it.
        await new Promise((resolve) => setTimeout(resolve))
        await new Promise<void>((resolve) => {
          const leave = bob.subscribe({ user: 'ann' }, 'fence', () => {
            leave()
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
