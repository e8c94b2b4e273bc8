import { connect } from 'node:net'
import { freePort } from '../free-port.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const NATS_SERVER = process.env.NATS_SERVER ?? 'nats-server'

/** A NATS server for one test or one file, without JetStream. */
export interface TestNats extends ServerProcess {
  readonly port: number
}

/** Whoever connects is greeted with `INFO {…}`. */
const greets = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => resolve(false))
    socket.on('data', (data) => {
      socket.destroy()
      resolve(data.toString().startsWith('INFO'))
    })
  })

export async function startNats(): Promise<TestNats> {
  const port = await freePort()
  const server = await startServerProcess({
    what: 'NATS',
    command: NATS_SERVER,
    options: ['--addr', '127.0.0.1', '--port', String(port)],
    isReady: () => greets(port),
  })
  return { ...server, port }
}
