import { Redis } from 'ioredis'

/** What a Redis has read and written since it started, and its load. */
export interface RedisTotals {
  /** Bytes. */
  readonly input: number
  readonly output: number
  /** Seconds of CPU. */
  readonly cpu: number
  /** Bytes of memory. */
  readonly memory: number
  /** Channels with subscribers. */
  readonly subscriptions: number
}

/** Reads the counters of a Redis, less what this reading costs. */
export interface RedisMeter {
  read(): Promise<RedisTotals>
}

export async function openRedisMeter(port: number): Promise<RedisMeter> {
  const client = new Redis(port, '127.0.0.1')
  await client.ping()
  return {
    async read() {
      const { stream } = client
      // Redis has counted the question by then, and its answer not yet.
      const ownOutput = stream.bytesRead
      const info = await client.info('everything')
      const ownInput = stream.bytesWritten
      const value = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1])
      return {
        input: value('total_net_input_bytes') - ownInput,
        output: value('total_net_output_bytes') - ownOutput,
        cpu: value('used_cpu_user') + value('used_cpu_sys'),
        memory: value('used_memory'),
        subscriptions: value('pubsubshard_channels'),
      }
    },
  }
}
