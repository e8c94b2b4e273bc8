/**
 * The two engines that this example can use. Each gives the plug-in its bus, and carries the chat's own messages to the
 * other nodes: `broadcast` publishes one, `onBroadcast` receives it on every node.
 */
import { connect } from '@nats-io/transport-node'
import { createNatsBus } from 'react-online-message/nats'
import { createRedisBus } from 'react-online-message/redis'
import { createClient } from 'redis'

/** The channel of the chat's own messages. */
const CHANNEL = 'chat'

export async function openRedis(url) {
  // Reconnects soon after Redis is back.
  const publisher = createClient({ url, socket: { reconnectStrategy: () => 200 } })
  const subscriber = publisher.duplicate()
  for (const client of [publisher, subscriber]) {
    // Without a listener for its errors, a client ends the process when Redis is down.
    client.on('error', (error) => console.error(`Redis: ${error.message}`))
  }
  await Promise.all([publisher.connect(), subscriber.connect()])
  return {
    bus: createRedisBus({ publisher, subscriber }),
    // A message that cannot be published now is lost. A real chat stores it first.
    broadcast: (message) => publisher.publish(CHANNEL, JSON.stringify(message)).catch(console.error),
    onBroadcast: (listener) => subscriber.subscribe(CHANNEL, (text) => listener(JSON.parse(text))),
    close: () => Promise.allSettled([publisher.close(), subscriber.close()]),
  }
}

export async function openNats(url) {
  // Reconnects soon after NATS is back, however long it was away.
  const connection = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 200 })
  return {
    bus: createNatsBus(connection),
    broadcast: (message) => connection.publish(CHANNEL, JSON.stringify(message)),
    onBroadcast: (listener) =>
      connection.subscribe(CHANNEL, { callback: (error, message) => error ?? listener(message.json()) }),
    close: () => connection.drain(),
  }
}
