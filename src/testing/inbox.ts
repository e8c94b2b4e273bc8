import type { OnlineMessage } from '../core/message/message.ts'
import { assert, show } from './assertions.ts'

/** The command of the cases' own messages. */
export const NOTE = 'contract.note'

/** The command of the probes that find out whether messages arrive. */
export const PROBE = 'contract.probe'

/** What one subscription has received. Probes are kept apart. */
export interface Inbox {
  /** The device that has subscribed, for errors. */
  readonly owner: string
  readonly messages: readonly OnlineMessage[]
  /** The data of the messages, in the order of their arrival. */
  data(): unknown[]
  hasProbe(probe: number): boolean
  unsubscribe(): void
}

/**
 * Fails the case unless the inbox has received this data, in this order, and nothing else. How often each message arrived
 * is checked by one case of T1 alone.
 */
export function assertReceived({ owner, data }: Inbox, expected: readonly unknown[], rule: string): void {
  const received = [...new Set(data().map(show))]
  const isSame = received.join() === expected.map(show).join()
  assert(isSame, `${rule}: ${owner} receives ${show(expected)}`, () => ({ received: data() }))
}
