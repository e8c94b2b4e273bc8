import type { Connection } from './connection.ts'
import type { EngineEvents, RedisEngine } from './engine.ts'
import { createServerLink } from './server-link.ts'

const ignore = () => {}

/** One server, over the app's own two connections. Their library reconnects. */
export function createSingleEngine(publisher: Connection, subscriber: Connection, events: EngineEvents): RedisEngine {
  const link = createServerLink({
    publisher,
    subscriber,
    isCluster: false,
    ...events,
    onReady: ignore,
    onLost: ignore,
    onMoved: ignore,
  })
  let openChannels = 0
  return {
    open(channel) {
      openChannels++
      if (openChannels === 1) link.start()
      link.add(channel)
    },
    close(channel) {
      link.remove(channel)
      openChannels--
      if (openChannels === 0) link.stop()
    },
    isActive: link.isActive,
    publish: link.publish,
  }
}
