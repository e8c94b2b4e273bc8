import mqtt from 'mqtt'

/** A client that keeps nothing and repeats nothing. */
export function connectToBroker(url) {
  return mqtt.connect(url, {
    // The broker keeps nothing for a client that is away.
    clean: true,
    // The client keeps nothing while it is not connected.
    queueQoSZero: false,
    // The bus subscribes again by itself, because it has to know when that has taken effect.
    resubscribe: false,
    reconnectPeriod: 200,
    keepalive: 10,
  })
}
