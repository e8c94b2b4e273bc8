/** Most messages of one node that wait until its clock is known. */
const MAX_BUFFERED = 1000

export interface BufferedMessage<Message> {
  readonly message: Message
  /** By the clock of the node that sent it. */
  readonly sentAt: number
  /** By our clock. */
  readonly receivedAt: number
}

/**
 * Keeps the messages of a node whose clock is not known yet: before that, nobody can say how old they are. They are
 * kept in memory, and no longer than `maxAge` (G1, G3).
 */
export interface MessageBuffer<Message> {
  add(message: BufferedMessage<Message>): void
  /** Empties the buffer and returns what was in it, in order. */
  drain(): readonly BufferedMessage<Message>[]
  /**
   * Drops what arrived before a time by our clock.
   *
   * @returns how many messages.
   */
  dropBefore(time: number): number
}

export function createMessageBuffer<Message>(): MessageBuffer<Message> {
  let buffered: BufferedMessage<Message>[] = []

  return {
    add(message) {
      buffered.push(message)
      if (buffered.length > MAX_BUFFERED) buffered.shift()
    },
    drain() {
      const drained = buffered
      buffered = []
      return drained
    },
    dropBefore(time) {
      const before = buffered.length
      buffered = buffered.filter(({ receivedAt }) => receivedAt >= time)
      return before - buffered.length
    },
  }
}
