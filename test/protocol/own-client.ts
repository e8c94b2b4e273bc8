/**
 * The client of this package as a program for the conformance run: it reads one command a line from stdin, and prints one
 * line for whatever happens. Both are JSON, as protocol/README.md describes.
 *
 *     own-client.mjs http://localhost:3000 --user bob --to ann
 */
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { io } from 'socket.io-client'
import { createOnlineMessageClient } from '../../src/core/index.ts'
import { createSocketTransport } from '../../src/transports/socket-io/index.ts'
import type { Command } from './vectors.ts'

const { values, positionals } = parseArgs({
  options: { user: { type: 'string' }, to: { type: 'string' } },
  allowPositionals: true,
})
const conversation = { user: values.to! }

const report = (kind: string, details: object) => console.log(JSON.stringify({ kind, ...details }))

const socket = io(positionals[0], { auth: { user: values.user } })
const client = createOnlineMessageClient({
  transport: createSocketTransport(socket),
  onError: ({ code, message }) => report('refused', { refusal: { ok: false, code, message } }),
})
const typing = client.typing(conversation)
client.connection.subscribe((state) => report('connection', { state }))
client.typists(conversation).subscribe(({ typists, total }) => report('shown', { typists, total }))
client.subscribe(conversation, 'wave', (message) => report('message', message))

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as Command
  if (command.do === 'keys') typing.keystroke()
  else if (command.do === 'stop') typing.stop()
  else if (command.do === 'clear') client.clearTypist(conversation, command.user)
  else if (command.do === 'send') {
    typing.stop()
    void client.send(conversation, command.command, command.data).then((answer) => report('sent', { answer }))
  }
}
process.exit()
