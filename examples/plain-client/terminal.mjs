/**
 * The plain client as a program: it reads one command a line from stdin, and prints one line for whatever happens. Both are
 * JSON, as protocol/README.md describes.
 *
 *     node --experimental-websocket terminal.mjs http://localhost:3000 --user bob --to ann
 */
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { PlainClient } from './plain-client.mjs'

const options = {
  user: { type: 'string' },
  to: { type: 'string' },
  group: { type: 'string' },
  auth: { type: 'string' },
}
const { values, positionals } = parseArgs({ options, allowPositionals: true })

const client = new PlainClient({
  url: positionals[0] ?? 'http://localhost:3000',
  auth: values.auth ? JSON.parse(values.auth) : { user: values.user },
  conversation: values.group ? { group: values.group } : { user: values.to },
  report: (kind, details) => console.log(JSON.stringify({ kind, ...details })),
})

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line)
  if (command.do === 'keys') client.keystroke()
  else if (command.do === 'stop') client.endTyping()
  else if (command.do === 'clear') client.clearTypist(command.user)
  else if (command.do === 'send') client.send(command.command, command.data)
}
client.disconnect()
