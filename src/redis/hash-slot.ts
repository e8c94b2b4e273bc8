/** How many slots a Redis Cluster has. */
export const SLOTS = 16384

/** CRC-16/XMODEM of each byte. */
const TABLE = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})

/**
 * The slot of a channel, as Redis Cluster computes it. Hash tags are honoured, since an app's prefix may contain one.
 */
export function hashSlot(channel: string): number {
  const open = channel.indexOf('{')
  const close = channel.indexOf('}', open + 2)
  const hashed = open !== -1 && close !== -1 && channel[open + 1] !== '}' ? channel.slice(open + 1, close) : channel
  let crc = 0
  for (const byte of new TextEncoder().encode(hashed)) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ byte] ?? 0)
  return crc % SLOTS
}
