/** What travels between nodes over Socket.IO's adapter: everything that one node has published in one tick. */
export interface AdapterPacket {
  /** The node. */
  readonly sender: string
  /** 1, 2, 3, … If there are no messages, it is the number of the latest packet that had some. */
  readonly number: number
  readonly messages: readonly ChannelMessage[]
}

export interface ChannelMessage {
  readonly channel: string
  readonly message: string
}

type WireMessage = readonly [channel: string, message: string]

export type WirePacket = readonly [sender: string, number: number, messages: readonly WireMessage[]]

export const encodePacket = ({ sender, number, messages }: AdapterPacket): WirePacket => [
  sender,
  number,
  messages.map(({ channel, message }): WireMessage => [channel, message]),
]

const MAX_SENDER_LENGTH = 64

/** @returns `undefined` if it is no packet: whoever can write to the adapter's engine can write anything. */
export function parsePacket(values: readonly unknown[]): AdapterPacket | undefined {
  const [sender, number, list] = values
  if (typeof sender !== 'string' || sender === '' || sender.length > MAX_SENDER_LENGTH) return undefined
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1 || !Array.isArray(list))
    return undefined
  const messages: ChannelMessage[] = []
  for (const item of list as readonly unknown[]) {
    if (!Array.isArray(item)) return undefined
    const [channel, message] = item as readonly unknown[]
    if (typeof channel !== 'string' || typeof message !== 'string') return undefined
    messages.push({ channel, message })
  }
  return { sender, number, messages }
}
