import { createError } from '../core/errors.ts'
import type { Bus } from '../server/cluster/bus.ts'
import { createBusChannels } from '../server/cluster/bus-channels.ts'
import { checkConnection, type NatsConnection } from './connection.ts'
import { createNatsEngine } from './engine.ts'

export type { Bus } from '../server/cluster/bus.ts'
export type { NatsConnection } from './connection.ts'

/** What stands before the subjects of a bus on NATS. */
export interface NatsBusOptions {
  /**
   * Stands before each channel's name, so that several apps share one NATS. With the default, a channel is the subject
   * `om.<channel>`.
   *
   * @default 'om.'
   */
  readonly prefix?: string
}

const DEFAULT_PREFIX = 'om.'

/** Tokens of letters, digits and signs with dots between them, as NATS allows them in a subject. */
const PREFIX = /^([^\s.*>]+\.)*[^\s.*>]*$/

/**
 * A bus on core NATS: one subject for each channel, no JetStream, nothing stored. NATS does not count subscribers, so
 * `publish` says nothing. The app connects and closes the connection.
 *
 * @param connection what `connect()` of `@nats-io/transport-node` 3 or `nats` 2 resolves to.
 * @param options have defaults.
 * @throws TypeError if an argument is not what it has to be.
 */
export function createNatsBus(connection: NatsConnection, options: NatsBusOptions = {}): Bus {
  const { prefix = DEFAULT_PREFIX } = options
  checkConnection(connection)
  if (typeof prefix !== 'string' || !PREFIX.test(prefix)) {
    throw createError(
      TypeError,
      'invalid-option',
      'createNatsBus: prefix does not begin a NATS subject. Give one like "my-app.", without spaces, * and >.',
    )
  }
  const engine = createNatsEngine(connection, {
    onActive: (subject) => channels.onActive(subject),
    onMessage: (subject, message) => channels.onMessage(subject, message),
  })
  const channels = createBusChannels(engine)
  return {
    publish(channel, message) {
      engine.publish(prefix + channel, message)
    },
    subscribe: (channel, onMessage, onActive) => channels.subscribe(prefix + channel, onMessage, onActive),
  }
}
