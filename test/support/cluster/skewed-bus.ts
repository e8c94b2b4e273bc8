import type { Bus } from '../../../src/server/cluster/bus.ts'
import type { BusMessage } from '../../../src/server/cluster/bus-message.ts'
import { encode, parse } from '../../../src/server/cluster/envelope.ts'

/**
 * Lets a node of this process seem to have another clock: all its times that leave it are this much later, and so are its
 * times that other nodes send back.
 *
 * @param ahead of the clock of this process, in milliseconds.
 */
export function createSkewedBus(bus: Bus, ahead: number): Bus {
  const skewOutgoing = (text: string): string => {
    const envelope = parse(text)
    if (!envelope) return text
    return encode({ ...envelope, sentAt: envelope.sentAt + ahead, message: skewOwnTimes(envelope.message, ahead) })
  }
  const skewIncoming = (text: string): string => {
    const envelope = parse(text)
    if (envelope?.message.kind !== 'clock-answer') return text
    return encode({ ...envelope, message: { kind: 'clock-answer', askedAt: envelope.message.askedAt - ahead } })
  }
  return {
    publish: (channel, text) => bus.publish(channel, skewOutgoing(text)),
    subscribe: (channel, onMessage, onActive) =>
      bus.subscribe(channel, (text) => onMessage(skewIncoming(text)), onActive),
  }
}

/** A message with the times by its sender's clock. The age of a message is no time. */
function skewOwnTimes(message: BusMessage, ahead: number): BusMessage {
  switch (message.kind) {
    case 'leases':
      return {
        ...message,
        leases: message.leases.map((lease) => ({
          ...lease,
          session: lease.session && { ...lease.session, since: lease.session.since + ahead },
        })),
      }
    case 'active-device':
      return { ...message, activeAt: message.activeAt === 0 ? 0 : message.activeAt + ahead }
    case 'revocation':
    case 'reidentification':
      return { ...message, at: message.at + ahead }
    default:
      return message
  }
}
