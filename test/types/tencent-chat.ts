/** What the compiler says of Tencent's own declarations: an instance of the real SDK is taken as it is. Never run. */
import type { ChatSDK as RealChat } from '@tencentcloud/chat'
import type { Transport } from '../../src/core/index.ts'
import { type ChatSDK, createTencentChatTransport } from '../../src/transports/tencent-chat/index.ts'

export const transports = (chat: RealChat): Transport[] => [
  createTencentChatTransport(chat),
  createTencentChatTransport(chat, {}),
  createTencentChatTransport(chat, { typing: 'textInput' }),
  createTencentChatTransport(chat, { typing: undefined }),
  // @ts-expect-error: no such form of typing
  createTencentChatTransport(chat, { typing: 'TextInput' }),
  // @ts-expect-error: the SDK is an instance, not what makes one
  createTencentChatTransport({ create: () => chat }),
]

/** Who lacks the SDK's declarations has these. */
export const ownType = (chat: ChatSDK): Transport => createTencentChatTransport(chat)
