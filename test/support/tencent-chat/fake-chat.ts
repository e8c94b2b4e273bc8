import type { ChatEvent, ChatSDK } from '../../../src/transports/tencent-chat/sdk.ts'

/** An SDK whose events and answers the test decides: for what takes the real one seconds, or happens to it by chance only. */
export interface FakeChat extends ChatSDK {
  isLoggedIn: boolean
  readonly sent: { readonly message: unknown; readonly options: unknown }[]
  /** How many handlers it has now. */
  countHandlers(): number
  emit(event: string, data?: unknown): void
  /** What `sendMessage` returns. */
  answer: () => Promise<unknown>
  /** The service's clock, in milliseconds. */
  clock: () => number
}

/** A call before SDK_READY: the real SDK raises an unhandled rejection there. */
export class NotReadyError extends Error {}

export function createFakeChat(userId = 'ann'): FakeChat {
  const handlers = new Map<string, Set<(event: ChatEvent) => void>>()
  const handlersOf = (event: string) => handlers.get(event) ?? new Set()
  const assertLoggedIn = () => {
    if (!chat.isLoggedIn) throw new NotReadyError()
  }
  const chat: FakeChat = {
    isLoggedIn: true,
    sent: [],
    answer: () => Promise.resolve({ code: 0, data: {} }),
    clock: () => Date.now(),
    countHandlers: () => [...handlers.values()].reduce((sum, { size }) => sum + size, 0),
    emit(event, data) {
      for (const handler of [...handlersOf(event)]) handler({ data })
    },
    isReady: () => chat.isLoggedIn,
    getLoginUser: () => (chat.isLoggedIn ? userId : ''),
    getServerTime() {
      assertLoggedIn()
      return chat.clock()
    },
    on: (event, handler) => handlers.set(event, handlersOf(event).add(handler)),
    off: (event, handler) => handlersOf(event).delete(handler),
    createCustomMessage(options) {
      assertLoggedIn()
      return options
    },
    sendMessage(message, options) {
      assertLoggedIn()
      chat.sent.push({ message, options })
      return chat.answer()
    },
  }
  return chat
}
