/** Most messages of one node that wait until its clock is known. */
const MAX_BUFFERED = 1000

export interface BufferedMessage {
  /** When it arrived, by our clock. */
  readonly receivedAt: number
}

/**
 * Keeps the messages of a node whose clock is not known yet: before that, nobody can say how old they are. They are
 * kept in memory, and no longer than `maxAge` (G1, G3).
 */
export interface MessageBuffer<Message extends BufferedMessage> {
  /** @returns the oldest message, if there are too many now. */
  add(message: Message): Message | undefined
  isEmpty(): boolean
  /** Empties the buffer and returns what was in it, in order. */
  drain(): readonly Message[]
  /** Removes what arrived before a time by our clock, and returns it. */
  removeBefore(time: number): readonly Message[]
}

export function createMessageBuffer<Message extends BufferedMessage>(): MessageBuffer<Message> {
  let buffered: Message[] = []

  return {
    add(message) {
      buffered.push(message)
      return buffered.length > MAX_BUFFERED ? buffered.shift() : undefined
    },
    isEmpty: () => buffered.length === 0,
    drain() {
      const drained = buffered
      buffered = []
      return drained
    },
    removeBefore(time) {
      const removed = buffered.filter(({ receivedAt }) => receivedAt < time)
      buffered = buffered.filter(({ receivedAt }) => receivedAt >= time)
      return removed
    },
  }
}
