import { type Conversation, conversationKey } from '../core/message/conversation.ts'
import { waitUntil } from './assertions.ts'
import { type Inbox, PROBE } from './inbox.ts'
import type { TestDevice } from './test-device.ts'

/** How often a probe is sent, in milliseconds. */
const PROBE_INTERVAL = 50

let lastProbe = 0

/**
 * Sends probes until each of these inboxes has received one. Then messages arrive there, and a message that was sent
 * before has arrived or never will.
 */
export async function waitUntilReached(
  sender: TestDevice,
  conversation: Conversation,
  ...inboxes: readonly Inbox[]
): Promise<void> {
  const firstProbe = lastProbe + 1
  const isReached = ({ hasProbe }: Inbox) => {
    for (let probe = firstProbe; probe <= lastProbe; probe++) if (hasProbe(probe)) return true
    return false
  }
  let nextProbeAt = 0
  await waitUntil(
    () => {
      if (performance.now() >= nextProbeAt) {
        nextProbeAt = performance.now() + PROBE_INTERVAL
        lastProbe++
        void sender.send({ conversation, command: PROBE, data: lastProbe })
      }
      return inboxes.every(isReached)
    },
    `what ${sender.name} sends to ${conversationKey(conversation)} reaches ${ownersOf(inboxes)}`,
    () => `nothing arrived at ${ownersOf(inboxes.filter((inbox) => !isReached(inbox)))}`,
  )
}

const ownersOf = (inboxes: readonly Inbox[]) => inboxes.map(({ owner }) => owner).join(', ')

/** The group of every case. */
export const team: Conversation = { group: 'team' }

/** What one device receives of ann: one-to-one, and in the group. */
export interface InboxPair {
  readonly oneToOne: Inbox
  readonly group: Inbox
  readonly both: readonly Inbox[]
  /** Waits until messages of the sender arrive in both. */
  waitUntilReached(sender: TestDevice): Promise<void>
}

export function subscribeToBoth(receiver: TestDevice): InboxPair {
  const oneToOne = receiver.subscribe({ user: 'ann' })
  const group = receiver.subscribe(team)
  return {
    oneToOne,
    group,
    both: [oneToOne, group],
    async waitUntilReached(sender) {
      await waitUntilReached(sender, { user: 'bob' }, oneToOne)
      await waitUntilReached(sender, team, group)
    },
  }
}
