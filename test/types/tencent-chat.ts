/** What the compiler says about Tencent's own declarations: an instance of the real SDK is accepted. It is never run. */
import type { ChatSDK as RealChat } from '@tencentcloud/chat'
import type { Transport } from '../../src/core/index.ts'
import { type ChatSDK, createTencentChatTransport } from '../../src/transports/tencent-chat/index.ts'

export const transports = (chat: RealChat): Transport[] => [
  createTencentChatTransport(chat),
  createTencentChatTransport(chat, {}),
  createTencentChatTransport(chat, { typing: 'textInput' }),
  createTencentChatTransport(chat, { typing: undefined }),
  // @ts-expect-error: this form of typing does not exist
  createTencentChatTransport(chat, { typing: 'TextInput' }),
  // @ts-expect-error: it takes an instance of the SDK, not its module
  createTencentChatTransport({ create: () => chat }),
]

/** An app without the SDK's declarations uses this type. */
export const ownType = (chat: ChatSDK): Transport => createTencentChatTransport(chat)
