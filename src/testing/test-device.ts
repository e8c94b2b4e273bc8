import type { Conversation } from '../core/message/conversation.ts'
import { conversationKey } from '../core/message/conversation.ts'
import type { OnlineMessage } from '../core/message/message.ts'
import type { SendResult } from '../core/message/send-result.ts'
import type { User } from '../core/message/user.ts'
import { keepRunning } from '../core/transport/keep-running.ts'
import type { ConnectionState, OutgoingMessage, Transport } from '../core/transport/transport.ts'
import { assert, show, sleep, TIMEOUT, waitUntil } from './assertions.ts'
import { type Inbox, NOTE, PROBE } from './inbox.ts'
import type { ContractDevice } from './test-network.ts'

/** How long an answer that has to come at once may take, in milliseconds. */
const AT_ONCE = 1000

/** The users of every case. */
export const ann: User = { id: 'ann', name: 'Ann' }
export const bob: User = { id: 'bob', name: 'Bob' }
export const cy: User = { id: 'cy', name: 'Cy' }

/** One device under test, with what the cases do on it. */
export interface TestDevice {
  /** Its name in errors. */
  readonly name: string
  readonly transport: Transport
  subscribe(conversation: Conversation): Inbox
  /** Sends one note, and fails the case when `send` throws, rejects or never answers. */
  sendNote(conversation: Conversation, data: unknown): Promise<SendResult>
  /** The same for any message: an invalid one, or one that claims more than it may. */
  send(message: OutgoingMessage, timeout?: number): Promise<SendResult>
  /** Sends a note, and fails the case unless it is accepted. */
  sendAccepted(conversation: Conversation, data: unknown): Promise<void>
  /** Sends a note while the device is off the network, and fails the case unless it is refused as `offline` at once. */
  sendWhileOffline(conversation: Conversation, data: unknown): Promise<void>
  disconnect(): Promise<void>
  reconnect(): Promise<void>
}

/** Makes a device that is online. What has to be undone after the case is added to `cleanups`. */
export async function createTestDevice(
  name: string,
  device: ContractDevice,
  cleanups: (() => void)[],
): Promise<TestDevice> {
  const { transport } = device
  const { connection } = transport
  // A transport connects only while somebody is subscribed.
  cleanups.push(keepRunning(connection))

  const waitUntilState = (expected: string, isExpected: (state: ConnectionState) => boolean) =>
    waitUntil(
      () => isExpected(connection.getState()),
      expected,
      () => connection.getState(),
    )

  const send: TestDevice['send'] = async (message, timeout = TIMEOUT) => {
    const sent = show(message.data ?? message)
    let answer: SendResult | undefined
    try {
      answer = await Promise.race([transport.send(message), sleep(timeout).then(() => undefined)])
    } catch (error) {
      assert(false, `T2: send never throws or rejects, as it did with ${sent}`, () => String(error))
    }
    assert(answer !== undefined, `send answers within ${timeout} ms, unlike here with ${sent}`, () => 'no answer')
    const isResult = answer.ok || (typeof answer.code === 'string' && typeof answer.message === 'string')
    assert(isResult, 'T2: send answers { ok: true } or { ok: false, code, message }', () => answer)
    return answer
  }
  const sendNote: TestDevice['sendNote'] = (conversation, data) => send({ conversation, command: NOTE, data })

  await waitUntilState(`${name} is online after joining`, (state) => state === 'online')
  return {
    name,
    transport,
    send,
    sendNote,
    async sendAccepted(conversation, data) {
      const answer = await sendNote(conversation, data)
      assert(answer.ok, `${name}'s message to ${conversationKey(conversation)} is accepted`, () => answer)
    },
    async sendWhileOffline(conversation, data) {
      const answer = await send({ conversation, command: NOTE, data }, AT_ONCE)
      const isOffline = !answer.ok && answer.code === 'offline'
      assert(isOffline, `T1: ${name}, who is off the network, gets offline at once`, () => answer)
    },
    subscribe(conversation) {
      const messages: OnlineMessage[] = []
      const probes = new Set<unknown>()
      const unsubscribe = transport.subscribe(conversation, {
        message(message) {
          if (message.command === NOTE) messages.push(message)
          else if (message.command === PROBE) probes.add(message.data)
        },
        typists() {},
      })
      cleanups.push(unsubscribe)
      return {
        owner: name,
        messages,
        data: () => messages.map(({ data }) => data),
        hasProbe: (probe) => probes.has(probe),
        unsubscribe,
      }
    },
    async disconnect() {
      await device.disconnect?.()
      await waitUntilState(`${name}'s connection is not online after disconnect()`, (state) => state !== 'online')
    },
    async reconnect() {
      await device.reconnect?.()
      await waitUntilState(`${name}'s connection is online after reconnect()`, (state) => state === 'online')
    },
  }
}
