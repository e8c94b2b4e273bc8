import type { ConnectionState, ReadonlyStore, SendFailure, SendResult, TypingLease } from '../../src/core/index.ts'
import { createTypingSender, type TypingSender } from '../../src/core/typing/typing-sender.ts'

interface Outside {
  readonly heartbeat: number
  readonly idle: number
  readonly connection: ReadonlyStore<ConnectionState>
  send(lease: TypingLease): Promise<SendResult>
  refused(failure: SendFailure): void
  ended(): void
}

/** One sender after another, each made by the first key or hold of its session, as the client does it. */
export function typingSessions({ heartbeat, idle, connection, send, refused, ended }: Outside): TypingSender {
  let current: TypingSender | undefined
  const sender = () =>
    (current ??= createTypingSender(heartbeat, idle, connection, send, refused, () => {
      current = undefined
      ended()
    }))
  return {
    key: (read) => sender().key(read),
    hold: (activity) => sender().hold(activity),
    stop: () => current?.stop(),
  }
}
