/** A page that is one device, or the page in which the transport contract runs, whose other devices are other pages. */
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

/** What one page asks of another. The test passes it on. */
export type Order =
  | { readonly do: 'open'; readonly user: User; readonly channel: string }
  | { readonly do: 'close' }
  | { readonly do: 'send'; readonly message: OutgoingMessage }
  | { readonly do: 'subscribe' | 'unsubscribe'; readonly key: string; readonly conversation: Conversation }
  | { readonly do: 'freeze' | 'resume' }

/** What a page reports to the one in which the contract runs. */
export type Report = { readonly state: ConnectionState } | { readonly message: OnlineMessage }

declare global {
  interface Window {
    /** Provided by the test: sends an order to the page with this name. */
    order(page: string, order: Order): Promise<SendResult | undefined>
    /** Provided by the test: sends a report to the page in which the contract runs. */
    report(report: Report): Promise<void>
    tab: Tab
  }
}

/** What the test does with a page. */
interface Tab {
  readonly log: unknown[]
  handle(order: Order): Promise<SendResult> | undefined
  receiveReport(name: string, report: Report): void
  run(rule: string): Promise<void>
  chat(me: string, other: string): void
  sendText(text: string): Promise<boolean>
  startTyping(): void
}

let transport: Transport | undefined
let close = () => {}
/** Ends each subscription, by the conversation's key. */
const unsubscribes = new Map<string, () => void>()

/** Receives the reports of each device that is another page, by the page's name. */
const remoteDevices = new Map<string, (report: Report) => void>()

function openRemoteDevice(name: string, user: User, channel: string): ContractDevice {
  const connection = createStore<ConnectionState>(() => 'connecting')
  const subscriptions = createSubscriptions((key, conversation) => {
    const isSubscribed = subscriptions.conversations.has(key)
    void window.order(name, { do: isSubscribed ? 'subscribe' : 'unsubscribe', key, conversation })
  })
  remoteDevices.set(name, (report) => {
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
  /** The messages that this page has received, and the states that it has shown and had, in order. */
  log: [],

  handle(order) {
    if (order.do === 'open') {
      const opened = createBroadcastChannelTransport(order)
      transport = opened
      const { connection } = opened
      close = connection.subscribe((state) => void window.report({ state }))
      void window.report({ state: connection.getState() })
    } else if (order.do === 'close') {
      for (const unsubscribe of unsubscribes.values()) unsubscribe()
      unsubscribes.clear()
      close()
    } else if (order.do === 'send') return transport?.send(order.message)
    else if (order.do === 'subscribe' && transport && !unsubscribes.has(order.key)) {
      const on = { message: (message: OnlineMessage) => void window.report({ message }), typists() {} }
      unsubscribes.set(order.key, transport.subscribe(order.conversation, on))
    } else if (order.do === 'unsubscribe') {
      unsubscribes.get(order.key)?.()
      unsubscribes.delete(order.key)
    }
    return undefined
  },

  receiveReport: (name, report) => remoteDevices.get(name)?.(report),

  /** Runs one rule of the contract. Ann's first device is this page. Each other device is a page of its own. */
  async run(rule) {
    const channel = rule + String(Math.random())
    const counts = new Map<string, number>()
    const cleanups: (() => void)[] = []
    const found = transportContract.find(({ name }) => name === rule)
    if (!found) throw new Error(`There is no rule "${rule}".`)
    await found.run(() => ({
      join(user) {
        const count = (counts.get(user.id) ?? 0) + 1
        counts.set(user.id, count)
        if (user.id !== 'ann' || count > 1) return openRemoteDevice(`${user.id} ${count}`, user, channel)
        const transport = createBroadcastChannelTransport({ user, channel })
        cleanups.push(transport.connection.subscribe(() => {}))
        return {
          transport,
          // A page that is really frozen could not run the contract.
          disconnect: () => dispatchEvent(new Event('pagehide')),
          reconnect: () => dispatchEvent(new Event('pageshow')),
        }
      },
      async close() {
        for (const cleanUp of cleanups) cleanUp()
        await Promise.all([...remoteDevices.keys()].map((name) => window.order(name, { do: 'close' })))
        remoteDevices.clear()
      },
    }))
  },

  /** Opens a chat of one person with another, and logs what happens in it. */
  chat(me, other) {
    const transport = createBroadcastChannelTransport({ user: { id: me } })
    const client = createOnlineMessageClient({ transport, heartbeatInterval: 500 })
    const conversation = { user: other }
    client.subscribe(conversation, 'text', ({ data }) => tab.log.push(data))
    client.connection.subscribe((state) => tab.log.push(state))
    client.typists(conversation).subscribe(({ total }) => tab.log.push(total ? 'typing' : 'nobody'))
    tab.sendText = async (text) => (await client.send(conversation, 'text', text)).ok
    tab.startTyping = () => void client.typing(conversation).startActivity('typing')
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) tab.log.push('from the back/forward cache')
    })
  },
  sendText: () => Promise.resolve(false),
  startTyping() {},
}
window.tab = tab
