import type { ContractCarrier } from '../../../src/testing/index.ts'
import { createTencentChatTransport, type TencentChatOptions } from '../../../src/transports/tencent-chat/index.ts'
import { createChatService } from '../tencent-chat/service.ts'

/** Tencent's real Web SDK, one instance per device, on a stand-in for its service. */
export function tencentCarrier(options?: TencentChatOptions): ContractCarrier {
  const service = createChatService(['team', 'a', 'ann', 'new', 'elsewhere'])
  return {
    async join(user) {
      const { chat, cut, restore } = await service.join(user)
      return { transport: createTencentChatTransport(chat, options), disconnect: cut, reconnect: restore }
    },
    close: () => service.close(),
  }
}
