import type { OnlineMessageClient } from '../../../src/index.ts'

/** An assistant is a user like others. It is seen thinking for as long as it holds. */
export async function answer(
  client: OnlineMessageClient,
  user: string,
  question: string,
  ask: (question: string) => Promise<string>,
): Promise<string> {
  const release = client.typing({ user }).startActivity('thinking')
  try {
    return await ask(question)
  } finally {
    release()
  }
}
