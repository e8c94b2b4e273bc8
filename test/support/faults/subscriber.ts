import type { Socket } from 'socket.io-client'
import type { Conversation, OnlineMessageClient } from '../../../src/core/index.ts'
import { sharedNow } from '../until.ts'
import type { DeviceEvent, Payload } from './types.ts'

/** The part of a device that receives. */
export interface Subscriber {
  unsubscribe(from: Conversation): void
  unsubscribeAll(): void
  /** The app has removed all listeners from the socket, and adds its own for messages again. */
  addListenersAgain(): void
}

interface SubscriberOptions {
  readonly socket: Socket
  readonly subscribesTo: readonly Conversation[]
  onEvent(event: DeviceEvent): void
}

/** Receives as an app does that uses this library. */
export function subscribeOurs(client: OnlineMessageClient, { subscribesTo, onEvent }: SubscriberOptions): Subscriber {
  const subscriptions = new Map<string, (() => void)[]>()
  for (const conversation of subscribesTo) {
    const endMessages = client.subscribe(conversation, 'fault', ({ data }) =>
      onEvent({ kind: 'message', payload: data as Payload, at: sharedNow() }),
    )
    const endTypists = client
      .typists(conversation)
      .subscribe(({ typists }) => onEvent({ kind: 'typists', ids: typists.map(({ id }) => id), at: sharedNow() }))
    subscriptions.set(JSON.stringify(conversation), [endMessages, endTypists])
  }
  const endWatching = client.connection.subscribe(() => {})

  const end = (key: string) => {
    for (const endSubscription of subscriptions.get(key) ?? []) endSubscription()
    subscriptions.delete(key)
  }
  return {
    unsubscribe: (conversation) => end(JSON.stringify(conversation)),
    unsubscribeAll() {
      for (const key of subscriptions.keys()) end(key)
      endWatching()
    },
    addListenersAgain() {},
  }
}

/** Receives as an app does that has a listener for its messages, and a room on the server for each group. */
export function subscribePlain({ socket, subscribesTo, onEvent }: SubscriberOptions): Subscriber {
  const senders = new Set(subscribesTo.flatMap(({ user }) => (user === undefined ? [] : [user])))
  const groups = new Set(subscribesTo.flatMap(({ group }) => (group === undefined ? [] : [group])))

  const receive = (sender: string, payload: Payload) => {
    if (senders.has(sender) || groups.size) onEvent({ kind: 'message', payload, at: sharedNow() })
  }
  const join = () => {
    // Volatile, so that it does not wait in the queues of the socket, which a run may fill.
    if (groups.size && !socket.recovered) socket.volatile.emit('join', [...groups])
  }
  socket.on('plain', receive)
  socket.on('connect', join)
  if (socket.connected) join()

  const unsubscribe = ({ user, group }: Conversation) => {
    if (user !== undefined) senders.delete(user)
    if (group !== undefined && groups.delete(group)) socket.emit('leave', group)
  }
  return {
    unsubscribe,
    unsubscribeAll() {
      socket.off('plain', receive)
      socket.off('connect', join)
      for (const group of groups) unsubscribe({ group })
    },
    addListenersAgain: () => void socket.on('plain', receive),
  }
}
