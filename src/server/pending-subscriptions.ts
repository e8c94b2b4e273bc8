import type { Conversation } from '../core/message/conversation.ts'
import type { SendResult } from '../core/message/send-result.ts'
import { ACCEPTED } from './messages.ts'
import type { Device, PendingSubscription } from './model.ts'
import { inboxKey } from './rooms.ts'

/** A subscription for which `authorize` has been asked. */
export interface AskedSubscription {
  readonly device: Device
  readonly conversation: Conversation
  /** Whether the device was not subscribed when it asked. */
  readonly isNew: boolean
  readonly allowed: Promise<boolean>
  /** Called with the answer, unless nobody wants the subscription any more. */
  decide(isAllowed: boolean): SendResult
}

/** The subscription to a conversation that waits for permission, if there is one. */
export const pendingSubscription = (device: Device, conversation: Conversation): PendingSubscription | undefined =>
  device.subscribing?.pending.get(inboxKey(device.user.id, conversation))

/** Waits for permission. The result is accepted at once when it is cancelled: nobody is there any more to be refused. */
export function waitForPermission(asked: AskedSubscription): Promise<SendResult> {
  const { device, conversation, isNew, allowed, decide } = asked
  const key = inboxKey(device.user.id, conversation)
  const subscribing = (device.subscribing ??= { pending: new Map(), newCount: 0, questions: 0 })
  let settle = (_result: SendResult): void => {}
  const result = new Promise<SendResult>((resolve) => (settle = resolve))

  const pending: PendingSubscription = {
    result,
    cancel() {
      end()
      settle(ACCEPTED)
    },
  }
  subscribing.pending.set(key, pending)
  subscribing.questions++
  if (isNew) subscribing.newCount++

  function end(): void {
    subscribing.pending.delete(key)
    if (isNew) subscribing.newCount--
  }

  void allowed.then((isAllowed) => {
    subscribing.questions--
    // Most devices have nothing pending most of the time.
    if (subscribing.questions === 0) device.subscribing = undefined
    if (subscribing.pending.get(key) !== pending) return
    end()
    settle(decide(isAllowed))
  })
  return result
}
