import type { ContractNetwork } from '../../../src/testing/index.ts'
import { createTencentChatTransport, type TencentChatOptions } from '../../../src/transports/tencent-chat/index.ts'
import { createChatService } from '../tencent-chat/service.ts'

/** Tencent's real Web SDK, one instance for each device, on a replacement for its service. */
export function tencentNetwork(options?: TencentChatOptions): ContractNetwork {
  const service = createChatService(['team', 'a', 'ann', 'new', 'elsewhere'])
  return {
    async join(user) {
      const { chat, disconnect, reconnect } = await service.join(user)
      return { transport: createTencentChatTransport(chat, options), disconnect, reconnect }
    },
    close: () => service.close(),
  }
}
