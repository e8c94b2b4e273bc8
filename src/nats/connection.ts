import { createError } from '../core/errors.ts'

/** What the bus uses of a connection of `@nats-io/transport-node` 3 and `nats` 2. The library does not import them. */
export interface NatsConnection {
  /** Sends a message to whoever is subscribed now. */
  publish(subject: string, payload: Uint8Array): void
  /** Begins to receive the messages of a subject. */
  subscribe(
    subject: string,
    options: { callback(error: Error | null, message: { readonly data: Uint8Array }): void },
  ): { unsubscribe(): void }
  /** Resolves when the server has answered: it has read everything that was sent before. */
  flush(): Promise<void>
  /** What happens to the connection: `disconnect`, `reconnect` and others. */
  status(): AsyncIterable<{ readonly type: string }>
  /** Whether the app has closed it, or it has given up. */
  isClosed(): boolean
  /** What the server has said about itself; `undefined` before that. */
  readonly info?: object
}

const METHODS = ['publish', 'subscribe', 'flush', 'status', 'isClosed'] as const

export function checkConnection(connection: unknown): void {
  const candidate = Object(connection) as Partial<Record<(typeof METHODS)[number], unknown>>
  if (METHODS.every((method) => typeof candidate[method] === 'function')) return
  const hint = typeof (candidate as { then?: unknown }).then === 'function' ? ' It is a promise: await it first.' : ''
  throw createError(
    TypeError,
    'invalid-nats-connection',
    `createNatsBus: the connection is no NATS connection.${hint} Give await connect() of @nats-io/transport-node or nats.`,
  )
}
