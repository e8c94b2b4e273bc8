/** A page that is one device, and the page in which the transport contract runs: its other devices are other pages. */
import { createStore } from 'zustand/vanilla'
import {
  type ConnectionState,
  type Conversation,
  createOnlineMessageClient,
  type OnlineMessage,
  type OutgoingMessage,
  type SendResult,
  type Transport,
  type User,
} from '../../../src/core/index.ts'
import { createSubscriptions } from '../../../src/core/transport/subscriptions.ts'
import { type ContractDevice, transportContract } from '../../../src/testing/index.ts'
import { createBroadcastChannelTransport } from '../../../src/transports/broadcast-channel/index.ts'

/** What one page asks of another, by way of the test. */
export type Order =
  | { readonly do: 'open'; readonly user: User; readonly channel: string }
  | { readonly do: 'close' }
  | { readonly do: 'send'; readonly message: OutgoingMessage }
  | { readonly do: 'listen' | 'leave'; readonly key: string; readonly conversation: Conversation }
  | { readonly do: 'freeze' | 'resume' }

/** What a page tells the one in which the contract runs. */
export type Report = { readonly state: ConnectionState } | { readonly message: OnlineMessage }

declare global {
  interface Window {
    /** From the test: hands an order to the page of this name. */
    order(page: string, order: Order): Promise<SendResult | undefined>
    /** From the test: hands a report to the page in which the contract runs. */
    report(report: Report): Promise<void>
    tab: Tab
  }
}

/** What the test does with a page. */
interface Tab {
  readonly log: unknown[]
  obey(order: Order): Promise<SendResult> | undefined
  learn(name: string, report: Report): void
  run(rule: string): Promise<void>
  chat(me: string, other: string): void
  say(text: string): Promise<boolean>
  type(): void
}

let transport: Transport | undefined
let close = () => {}
/** What it listens to, by the conversation's key. */
const leaves = new Map<string, () => void>()

/** The devices of the contract that are other pages, by the page's name. */
const others = new Map<string, (report: Report) => void>()

function join(name: string, user: User, channel: string): ContractDevice {
  const connection = createStore<ConnectionState>(() => 'connecting')
  const subscriptions = createSubscriptions((key, conversation) => {
    const listens = subscriptions.conversations.has(key)
    void window.order(name, { do: listens ? 'listen' : 'leave', key, conversation })
  })
  others.set(name, (report) => {
    if ('state' in report) connection.setState(report.state, true)
    else subscriptions.notify(report.message.conversation, (on) => on.message(report.message))
  })
  void window.order(name, { do: 'open', user, channel })
  return {
    transport: {
      connection,
      send: (message) => window.order(name, { do: 'send', message }) as Promise<SendResult>,
      subscribe: subscriptions.add,
    },
    disconnect: () => window.order(name, { do: 'freeze' }),
    reconnect: () => window.order(name, { do: 'resume' }),
  }
}

const tab: Tab = {
  /** What this page has heard, seen and been, in order. */
  log: [],

  obey(order) {
    if (order.do === 'open') {
      const opened = createBroadcastChannelTransport(order)
      transport = opened
      const { connection } = opened
      close = connection.subscribe((state) => void window.report({ state }))
      void window.report({ state: connection.getState() })
    } else if (order.do === 'close') {
      for (const leave of leaves.values()) leave()
      leaves.clear()
      close()
    } else if (order.do === 'send') return transport?.send(order.message)
    else if (order.do === 'listen' && transport && !leaves.has(order.key)) {
      const on = { message: (message: OnlineMessage) => void window.report({ message }), typists() {} }
      leaves.set(order.key, transport.subscribe(order.conversation, on))
    } else if (order.do === 'leave') {
      leaves.get(order.key)?.()
      leaves.delete(order.key)
    }
    return undefined
  },

  learn: (name, report) => others.get(name)?.(report),

  /** Runs one rule of the contract. Ann's first device is this page, each other device a page of its own. */
  async run(rule) {
    const channel = rule + String(Math.random())
    const counts = new Map<string, number>()
    const here: (() => void)[] = []
    const found = transportContract.find(({ name }) => name === rule)
    if (!found) throw new Error(`There is no rule "${rule}".`)
    await found.run(() => ({
      join(user) {
        const count = (counts.get(user.id) ?? 0) + 1
        counts.set(user.id, count)
        if (user.id !== 'ann' || count > 1) return join(`${user.id} ${count}`, user, channel)
        const transport = createBroadcastChannelTransport({ user, channel })
        here.push(transport.connection.subscribe(() => {}))
        return {
          transport,
          // Frozen for real, nothing would run here.
          disconnect: () => dispatchEvent(new Event('pagehide')),
          reconnect: () => dispatchEvent(new Event('pageshow')),
        }
      },
      async close() {
        for (const end of here) end()
        await Promise.all([...others.keys()].map((name) => window.order(name, { do: 'close' })))
        others.clear()
      },
    }))
  },

  /** Becomes somebody's tab in a chat with somebody else, and logs what happens to it. */
  chat(me, other) {
    const transport = createBroadcastChannelTransport({ user: { id: me } })
    const client = createOnlineMessageClient({ transport, heartbeatInterval: 500 })
    const conversation = { user: other }
    client.subscribe(conversation, 'text', ({ data }) => tab.log.push(data))
    client.connection.subscribe((state) => tab.log.push(state))
    client.typists(conversation).subscribe(({ total }) => tab.log.push(total ? 'typing' : 'nobody'))
    tab.say = async (text) => (await client.send(conversation, 'text', text)).ok
    tab.type = () => void client.typing(conversation).startActivity('typing')
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) tab.log.push('from the back/forward cache')
    })
  },
  say: () => Promise.resolve(false),
  type() {},
}
window.tab = tab
