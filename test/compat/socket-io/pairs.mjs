/** Each minor version of Socket.IO's server with each of its client: the packages are `server-4.1`, `client-4.0` and so on. */
import { readFileSync } from 'node:fs'
import { createOnlineMessageClient } from 'react-online-message/core'
import { attachOnlineMessages } from 'react-online-message/server'
import { createSocketTransport } from 'react-online-message/socket.io'
import twoClientsType from './two-clients.cjs'

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const namesOf = (side) => Object.keys(dependencies).filter((name) => name.startsWith(`${side}-`))
const createClient = (socket) => createOnlineMessageClient({ transport: createSocketTransport(socket) })

let failures = 0
for (const server of namesOf('server')) {
  for (const client of namesOf('client')) {
    const { Server } = await import(server)
    const { io: connect } = await import(client)
    try {
      await twoClientsType({ Server, connect, attachOnlineMessages, createClient })
    } catch (error) {
      failures++
      console.error(`${server} with ${client}: ${error.message}`)
    }
  }
}
process.exit(failures)
