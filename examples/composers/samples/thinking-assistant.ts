import type { OnlineMessageClient } from '../../../src/index.ts'

/** An assistant is a user like any other. It is shown as thinking until it has answered, or has failed to. */
export async function answer(
  client: OnlineMessageClient,
  user: string,
  question: string,
  ask: (question: string) => Promise<string>,
): Promise<string> {
  const endActivity = client.typing({ user }).startActivity('thinking')
  try {
    return await ask(question)
  } finally {
    endActivity()
  }
}
