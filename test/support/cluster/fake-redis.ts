import type { ConnectionListener, OwnConnection } from '../../../src/redis/connection.ts'

/** A connection to a Redis that answers at once, as a test wants it. */
export interface FakeConnection extends OwnConnection {
  /** Whether it can be used. */
  ready: boolean
  /** What has been sent, a line for each command. `subscribe sharded a` is `SSUBSCRIBE a`. */
  readonly sent: string[]
  /** Who listens to it. */
  readonly listeners: Set<ConnectionListener>
  /** Answers a command, by its line. A test may replace it: `undefined` means the usual answer. */
  answer: (line: string) => unknown
  readonly isClosed: boolean
}

/** What a Redis 7 answers that is complete and has one subscriber for each channel. */
function usualAnswer(line: string): unknown {
  if (line === 'COMMAND INFO SSUBSCRIBE') return [['ssubscribe']]
  if (line === 'CLUSTER INFO') return 'cluster_state:ok\r\ncluster_size:3'
  return '1'
}

export function createFakeConnection(): FakeConnection {
  const listeners = new Set<ConnectionListener>()
  const sent: string[] = []
  let isClosed = false

  const send = async (line: string) => {
    sent.push(line)
    return (await connection.answer(line)) ?? usualAnswer(line)
  }
  const kind = (isSharded: boolean) => (isSharded ? 'sharded' : 'plain')
  const connection: FakeConnection = {
    ready: true,
    sent,
    listeners,
    answer: () => undefined,
    get isClosed() {
      return isClosed
    },
    isReady: () => connection.ready,
    command: (...words) => send(words.join(' ')),
    subscribe: (channel, isSharded) => send(`subscribe ${kind(isSharded)} ${channel}`),
    unsubscribe: (channel, isSharded) => send(`unsubscribe ${kind(isSharded)} ${channel}`),
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      isClosed = true
      connection.ready = false
    },
  }
  return connection
}
