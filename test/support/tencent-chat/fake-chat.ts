import type { ChatEvent, ChatSDK } from '../../../src/transports/tencent-chat/sdk.ts'

/** An SDK whose events and answers the test decides: for what takes the real one seconds, or is an accident of it. */
export interface FakeChat extends ChatSDK {
  isLoggedIn: boolean
  readonly sent: { readonly message: unknown; readonly options: unknown }[]
  /** How many handlers there are now. */
  handlers(): number
  emit(event: string, data?: unknown): void
  /** What `sendMessage` returns. */
  answer: () => Promise<unknown>
  /** The service's clock, in milliseconds. */
  clock: () => number
}

/** Something was asked for before SDK_READY: the real one raises an unhandled rejection there. */
export class TooEarly extends Error {}

export function createFakeChat(userId = 'ann'): FakeChat {
  const handlers = new Map<string, Set<(event: ChatEvent) => void>>()
  const of = (event: string) => handlers.get(event) ?? new Set()
  const needLogin = () => {
    if (!chat.isLoggedIn) throw new TooEarly()
  }
  const chat: FakeChat = {
    isLoggedIn: true,
    sent: [],
    answer: () => Promise.resolve({ code: 0, data: {} }),
    clock: () => Date.now(),
    handlers: () => [...handlers.values()].reduce((sum, { size }) => sum + size, 0),
    emit(event, data) {
      for (const handler of [...of(event)]) handler({ data })
    },
    isReady: () => chat.isLoggedIn,
    getLoginUser: () => (chat.isLoggedIn ? userId : ''),
    getServerTime() {
      needLogin()
      return chat.clock()
    },
    on: (event, handler) => handlers.set(event, of(event).add(handler)),
    off: (event, handler) => of(event).delete(handler),
    createCustomMessage(options) {
      needLogin()
      return options
    },
    sendMessage(message, options) {
      needLogin()
      chat.sent.push({ message, options })
      return chat.answer()
    },
  }
  return chat
}
