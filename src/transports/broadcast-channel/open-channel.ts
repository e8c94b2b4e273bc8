import type { Conversation } from '../../core/message/conversation.ts'

/** Which channel a tab uses. */
export interface ChannelPlace {
  /** The app's name for all of its channels. */
  readonly app: string
  /** The id of the tab's user. */
  readonly selfId: string
  readonly conversation: Conversation
}

/**
 * Opens the channel of a conversation. Returns `undefined` where there is no BroadcastChannel, or none for a page without
 * an origin.
 */
export function openChannel({ app, selfId, conversation }: ChannelPlace): BroadcastChannel | undefined {
  const { user, group, thread } = conversation
  // One-to-one, both sides use the same channel.
  const place = user === undefined ? ['group', group] : ['users', ...[selfId, user].sort()]
  try {
    return new BroadcastChannel(JSON.stringify([app, ...place, thread]))
  } catch {
    return undefined
  }
}
