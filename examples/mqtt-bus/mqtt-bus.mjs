/**
 * A bus on MQTT: one topic for each channel.
 *
 * @param {import('mqtt').MqttClient} client
 * @returns {import('react-online-message/testing').Bus}
 */
export function createMqttBus(client) {
  /** The listeners of each channel on this node. The broker has one subscription for all listeners of a channel. */
  const channels = new Map()
  /** Channels that the broker has confirmed. */
  const confirmed = new Set()
  /** Channels about which the broker has been asked, and has not answered. */
  const asked = new Set()

  const topicOf = (name) => `om/${name}`

  /** B6: one listener may unsubscribe another one while both are called. */
  function callEach(name, call) {
    const listeners = channels.get(name) ?? new Set()
    for (const listener of [...listeners]) {
      if (listeners.has(listener)) call(listener)
    }
  }

  /** B8: one question at a time for each channel. A broker may answer several in any order. */
  function settle(name) {
    const isWanted = channels.has(name)
    if (!client.connected || asked.has(name) || isWanted === confirmed.has(name)) return
    asked.add(name)
    const onAnswer = (error) => {
      asked.delete(name)
      // The connection is lost: the next one begins with `connect`.
      if (error) return
      if (isWanted) {
        confirmed.add(name)
        // B5: a subscription has taken effect when the broker has confirmed it, and not before.
        callEach(name, (listener) => listener.onActive())
      }
      settle(name)
    }
    if (isWanted) {
      client.subscribe(topicOf(name), { qos: 0 }, onAnswer)
    } else {
      confirmed.delete(name)
      client.unsubscribe(topicOf(name), onAnswer)
    }
  }

  client.on('message', (topic, payload) => {
    const name = topic.slice(topicOf('').length)
    callEach(name, (listener) => listener.onMessage(payload.toString()))
  })
  client.on('close', () => confirmed.clear())
  // B12: the broker has forgotten the subscriptions of the connection before.
  client.on('connect', () => {
    for (const name of channels.keys()) settle(name)
  })

  return {
    publish(name, message) {
      // B11: the client would keep it until it is connected again.
      if (!client.connected) return undefined
      // B9: with a callback, `publish` neither throws nor emits an error.
      client.publish(topicOf(name), message, { qos: 0, retain: false }, () => {
        // What went wrong does not matter: the message is lost, and nobody sends it again.
      })
      // B10: MQTT does not say how many nodes received it.
      return undefined
    },
    subscribe(name, onMessage, onActive) {
      const listener = { onMessage, onActive }
      const listeners = channels.get(name) ?? new Set()
      channels.set(name, listeners.add(listener))
      settle(name)
      if (confirmed.has(name)) {
        // B6: nothing is called within `subscribe`.
        queueMicrotask(() => {
          if (listeners.has(listener)) onActive()
        })
      }
      return () => {
        listeners.delete(listener)
        // B7: others on this node may still be subscribed.
        if (listeners.size > 0 || channels.get(name) !== listeners) return
        channels.delete(name)
        settle(name)
      }
    },
  }
}
