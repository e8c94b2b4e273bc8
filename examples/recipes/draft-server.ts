import type { OnlineMessageServerOptions } from '../../src/server/index.ts'

/** Customers talk to agents and agents to customers; drafts go to agents only. */
export const authorizeDesk =
  (isAgent: (id: string) => boolean): Exclude<OnlineMessageServerOptions['authorize'], 'anyone'> =>
  ({ user, conversation, command }) => {
    if (conversation.user === undefined) return false
    if (command === 'draft' && !isAgent(conversation.user)) return false
    return isAgent(user.id) !== isAgent(conversation.user)
  }
