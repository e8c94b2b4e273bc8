/** Socket.IO 4.0 cannot receive from other nodes: the plug-in says so, and serves this node. */
import { strictEqual } from 'node:assert'
import { EventEmitter } from 'node:events'
import { createAdapter } from '@socket.io/redis-adapter'
import { attachOnlineMessages } from 'react-online-message/server'
import { Server } from 'server-4.0'

class Redis extends EventEmitter {
  psubscribe() {}
  subscribe() {}
  publish() {}
}

const warnings = []
console.warn = (text) => warnings.push(text)
const io = new Server()
io.adapter(createAdapter(new Redis(), new Redis()))
attachOnlineMessages(io, { identify: () => 'ann', authorize: () => true })
strictEqual(
  warnings.join('\n'),
  'Socket.IO 4.0 has no serverSideEmit, so online messages reach nobody on other nodes. Use Socket.IO 4.1 or later. (react-online-message: unsuitable-adapter)',
)
process.exit(0)
