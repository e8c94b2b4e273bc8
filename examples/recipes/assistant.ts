import { createOnlineMessageClient, type Conversation, type Transport } from '../../src/core/index.ts'

/** An assistant is a user like any other, and is seen thinking for as long as it holds. */
export function createAssistant(
  transport: Transport,
  ask: (question: string) => Promise<string>,
): (conversation: Conversation, question: string) => Promise<string> {
  const client = createOnlineMessageClient({ transport })
  return async (conversation, question) => {
    const release = client.typing(conversation).startActivity('thinking')
    try {
      return await ask(question)
    } finally {
      release()
    }
  }
}
