import type { OnlineMessageServerOptions } from '../../src/server/index.ts'

type Authorize = Exclude<OnlineMessageServerOptions['authorize'], 'anyone'>

/** For `authorize`: customers talk with agents and agents with customers, and drafts go to agents only. */
export function authorizeDesk(isAgent: (userId: string) => boolean): Authorize {
  return ({ user, conversation, command }) => {
    if (conversation.user === undefined) return false
    const isToAgent = isAgent(conversation.user)
    if (command === 'draft' && !isToAgent) return false
    const isFromAgent = isAgent(user.id)
    return isFromAgent !== isToAgent
  }
}
