import { createHash } from 'node:crypto'
import type { Conversation } from '../../core/message/conversation.ts'

/** The longest channel name that `Bus` allows. A longer one is replaced by a hash. */
const MAX_LENGTH = 200

/** Half a surrogate pair, which `encodeURIComponent` cannot encode. */
const HALF_PAIR = /\p{Surrogate}/u

/** The names of the channels of one namespace. What a channel carries stands in `bus-message.ts`. */
export interface Channels {
  /** What a user sends to a conversation: messages, typing leases, and which device of the receiver is active. */
  conversation(senderId: string, conversation: Conversation): string
  /** Notices about one user: revocations and reidentifications. */
  user(userId: string): string
  /** What is meant for one node: answers, and questions about its clock. */
  node(nodeId: string): string
  /** Where the nodes that know something about another channel are asked. */
  questions(channel: string): string
}

/** @param namespace name of the Socket.IO namespace: two namespaces of one server share no channel. */
export function createChannels(namespace: string): Channels {
  const name = (kind: string, ...ids: readonly (string | undefined)[]): string => {
    const given = ids.filter((id) => id !== undefined)
    if (given.some((id) => HALF_PAIR.test(id))) return hashed(kind, namespace, ids)
    // Leaves room for the beginning of `questions`.
    const readable = [kind, namespace.slice(1), ...given].map(encode).join(':')
    return readable.length <= MAX_LENGTH - 2 ? readable : hashed(kind, namespace, ids)
  }

  return {
    conversation(senderId, { user, group, thread }) {
      return group === undefined ? name('user', user, senderId, thread) : name('group', group, thread)
    },
    user: (userId) => name('notices', userId),
    node: (nodeId) => name('node', nodeId),
    // In front: at the end it could be a thread with that name.
    questions: (channel) => `q:${channel}`,
  }
}

/** Encodes what is neither a letter nor a digit nor `_` nor `-` with `%`, so that an id cannot contain a separator. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*.~]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)

/** A name for ids that are too long or cannot be encoded. */
function hashed(kind: string, namespace: string, ids: readonly (string | undefined)[]): string {
  const text = JSON.stringify([namespace, ...ids.map((id) => id ?? null)])
  // No kind is called `hash`, so no readable name begins like this.
  return `hash:${kind}:${createHash('sha256').update(text).digest('base64url')}`
}
