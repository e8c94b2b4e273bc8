import { type Conversation, conversationKey } from '../core/message/conversation.ts'
import type { OnlineMessage, SendResult } from '../core/message/message.ts'
import type { ConnectionState, OutgoingMessage, Transport } from '../core/transport/transport.ts'
import type { User } from '../core/message/user.ts'
import type { MakeNetwork } from './test-network.ts'

/** How long what has to happen is waited for, in milliseconds. */
const PATIENCE = 5000

/** How long an answer that has to come at once may take, in milliseconds. */
const AT_ONCE = 1000

/** How often it is looked whether something has happened, and a probe is sent, in milliseconds. */
const LOOK = 5
const PROBE = 50

/** Commands of the cases' own messages, and of the probes that find out whether a path is open. */
const SAY = 'contract.say'
const ASK = 'contract.probe'

/** The people of every case. */
export const ann: User = { id: 'ann', name: 'Ann' }
export const bob: User = { id: 'bob', name: 'Bob' }
export const cy: User = { id: 'cy', name: 'Cy' }

/** What one subscription hears, the probes apart. */
export interface Hearing {
  readonly who: string
  readonly messages: readonly OnlineMessage[]
  /** The messages' data, in the order in which they came. */
  data(): unknown[]
  /** Whether this probe has come. */
  has(probe: number): boolean
  end(): void
}

/** One device on the stage. */
export interface Actor {
  /** What errors call it. */
  readonly who: string
  readonly transport: Transport
  hear(conversation: Conversation): Hearing
  /** Sends one message, and fails the case when `send` throws, rejects or never answers. */
  say(conversation: Conversation, data: unknown): Promise<SendResult>
  /** The same for a message that is wrong, or says more than it may. */
  send(message: OutgoingMessage, patience?: number): Promise<SendResult>
  /** Sends, which has to be accepted. */
  mustSay(conversation: Conversation, data: unknown): Promise<void>
  /** Sends while it is cut, which has to be refused as `offline`, at once. */
  mustNotSay(conversation: Conversation, data: unknown): Promise<void>
  disconnect(): Promise<void>
  reconnect(): Promise<void>
}

export interface Stage {
  /** Lets a device of this user join, and waits until it is online. */
  join(user: User): Promise<Actor>
}

const show = (value: unknown) => {
  try {
    return (JSON.stringify(value) as string | undefined) ?? String(value)
  } catch {
    return String(value)
  }
}

/** Fails the case unless it is true: what was expected, and then what happened. */
export function demand(isSo: boolean, expected: string, happened: () => unknown): asserts isSo {
  if (!isSo) throw new Error(`Expected: ${expected}. Happened: ${show(happened())}.`)
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Waits until it is true, and fails the case if that does not come about in time. */
export async function until(isSo: () => boolean, expected: string, happened: () => unknown): Promise<void> {
  const deadline = performance.now() + PATIENCE
  while (!isSo()) {
    demand(performance.now() < deadline, `${expected}, within ${PATIENCE} ms`, happened)
    await sleep(LOOK)
  }
}

let lastProbe = 0

/**
 * Sends probes until every one of these has heard one. Then the path is open, and whatever was sent on it before has
 * come, or never will.
 */
export async function reach(from: Actor, conversation: Conversation, ...hearings: readonly Hearing[]): Promise<void> {
  const first = lastProbe + 1
  const heardBy = ({ has }: Hearing) => {
    for (let probe = first; probe <= lastProbe; probe++) if (has(probe)) return true
    return false
  }
  let next = 0
  await until(
    () => {
      if (performance.now() >= next) {
        next = performance.now() + PROBE
        void from.send({ conversation, command: ASK, data: ++lastProbe })
      }
      return hearings.every(heardBy)
    },
    `what ${from.who} sends to ${conversationKey(conversation)} is heard by ${hearings.map(({ who }) => who).join(', ')}`,
    () =>
      `nothing was heard by ${hearings
        .filter((hearing) => !heardBy(hearing))
        .map(({ who }) => who)
        .join()}`,
  )
}

/** What one of bob's devices hears of ann: one-to-one, and in a group. */
export interface Ears {
  readonly pair: Hearing
  readonly group: Hearing
  readonly both: readonly Hearing[]
  /** Waits until both paths are open, and whatever was sent on them before has come. */
  reachedBy(sender: Actor): Promise<void>
}

export const team: Conversation = { group: 'team' }

export function listen(receiver: Actor): Ears {
  const pair = receiver.hear({ user: 'ann' })
  const group = receiver.hear(team)
  return {
    pair,
    group,
    both: [pair, group],
    async reachedBy(sender) {
      await reach(sender, { user: 'bob' }, pair)
      await reach(sender, team, group)
    },
  }
}

/** Fails the case unless this is what was heard, in this order. How often is the business of T1 alone. */
export function heard({ who, data }: Hearing, expected: readonly unknown[], rule: string): void {
  const distinct = new Set(data().map(show))
  const isSo = [...distinct].join() === expected.map(show).join()
  demand(isSo, `${rule}: ${who} hears ${show(expected)}`, () => ({ heard: data() }))
}

/** Runs one case on a carrier of its own, and takes it down again. */
export async function onStage(make: MakeNetwork, play: (stage: Stage) => Promise<void>): Promise<void> {
  const carrier = await make()
  const endings: (() => void)[] = []
  const devices = new Map<string, number>()

  const join = async (user: User): Promise<Actor> => {
    const device = await carrier.join(user)
    const { transport } = device
    const number = (devices.get(user.id) ?? 0) + 1
    devices.set(user.id, number)
    const who = number === 1 ? user.id : `${user.id}'s device ${number}`
    const { connection } = transport
    // A transport is awake only while somebody listens.
    endings.push(connection.subscribe(() => {}))
    const becomes = (rule: string, isSo: (state: ConnectionState) => boolean) =>
      until(
        () => isSo(connection.getState()),
        rule,
        () => connection.getState(),
      )

    const send: Actor['send'] = async (message, patience = PATIENCE) => {
      const asked = show(message.data ?? message)
      let answer: SendResult | undefined
      try {
        answer = await Promise.race([transport.send(message), sleep(patience).then(() => undefined)])
      } catch (error) {
        demand(false, `T2 send never throws or rejects, as here with ${asked}`, () => String(error))
      }
      demand(answer !== undefined, `send answers within ${patience} ms, as here with ${asked}`, () => 'no answer')
      demand(
        answer.ok || (typeof answer.code === 'string' && typeof answer.message === 'string'),
        'T2 send answers { ok: true } or { ok: false, code, message }',
        () => answer,
      )
      return answer
    }
    const say: Actor['say'] = (conversation, data) => send({ conversation, command: SAY, data })

    await becomes(`${who} is online after joining`, (state) => state === 'online')
    return {
      who,
      transport,
      send,
      say,
      async mustSay(conversation, data) {
        const answer = await say(conversation, data)
        demand(answer.ok, `${who}'s message to ${conversationKey(conversation)} is accepted`, () => answer)
      },
      async mustNotSay(conversation, data) {
        const answer = await send({ conversation, command: SAY, data }, AT_ONCE)
        demand(
          !answer.ok && answer.code === 'offline',
          `T1 ${who}, who is cut off, is told offline at once`,
          () => answer,
        )
      },
      hear(conversation) {
        const messages: OnlineMessage[] = []
        const probes = new Set<unknown>()
        const end = transport.subscribe(conversation, {
          message(message) {
            if (message.command === SAY) messages.push(message)
            else if (message.command === ASK) probes.add(message.data)
          },
          typists() {},
        })
        endings.push(end)
        return { who, messages, data: () => messages.map(({ data }) => data), has: (probe) => probes.has(probe), end }
      },
      async disconnect() {
        await device.disconnect?.()
        await becomes(`${who}'s connection is not online after disconnect()`, (state) => state !== 'online')
      },
      async reconnect() {
        await device.reconnect?.()
        await becomes(`${who}'s connection is online after reconnect()`, (state) => state === 'online')
      },
    }
  }

  try {
    await play({ join })
  } finally {
    for (const end of endings) end()
    await carrier.close?.()
  }
}
