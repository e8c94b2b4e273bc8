import type { ChannelEngine } from '../server/cluster/bus-channels.ts'

/** A Redis, or a Redis Cluster, below the channels of a bus. */
export interface RedisEngine extends ChannelEngine {
  /** Drops the message if it cannot leave now. It never rejects. */
  publish(channel: string, message: string): Promise<number | undefined>
}

export interface EngineEvents {
  readonly onActive: (channel: string) => void
  readonly onMessage: (channel: string, message: string) => void
}
