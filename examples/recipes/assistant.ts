import { createOnlineMessageClient, type Conversation, type Transport } from '../../src/core/index.ts'

/** An assistant is a user like any other. It is shown as thinking until it has answered, or has failed to. */
export function createAssistant(
  transport: Transport,
  ask: (question: string) => Promise<string>,
): (conversation: Conversation, question: string) => Promise<string> {
  const client = createOnlineMessageClient({ transport })

  return async (conversation, question) => {
    const endActivity = client.typing(conversation).startActivity('thinking')
    try {
      return await ask(question)
    } finally {
      endActivity()
    }
  }
}
