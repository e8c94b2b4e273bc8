/**
 * Where Node cannot require ES modules, the required half and the imported half of a program have a copy of the package
 * each. Both find what the other has made: the provider, the client's onError, the plug-in of a namespace, and the session of a
 * socket.
 */
import { deepStrictEqual, notStrictEqual, strictEqual, throws } from 'node:assert'
import { createRequire } from 'node:module'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import * as importedServer from 'react-online-message/server'
import * as importedTransport from 'react-online-message/socket.io'
import { createMemoryNetwork } from 'react-online-message/memory'
import * as imported from 'react-online-message'

const require = createRequire(import.meta.url)
// Jest 29 has a jsdom that such a Node can load.
const { JSDOM } = createRequire(new URL('jest-29/package.json', import.meta.url))('jsdom')
const required = require('react-online-message')
const requiredServer = require('react-online-message/server')
const requiredTransport = require('react-online-message/socket.io')
notStrictEqual(required.createOnlineMessageClient, imported.createOnlineMessageClient, 'this Node has one copy')

const { window } = new JSDOM('<main></main>', { pretendToBeVisual: true })
Object.assign(globalThis, { window, document: window.document })
// Node 20 has none.
globalThis.navigator ??= window.navigator
const { createElement } = await import('react')
const { createRoot } = await import('react-dom/client')

await crossMemoryNetwork()
for (const [ours, theirs] of [
  [imported, required],
  [required, imported],
]) {
  await findProvider(ours, theirs)
}
await shareServerAndSocket()

function nextTurn() {
  return new Promise((resolve) => setTimeout(resolve, 5))
}

/** Resolves when `ask` answers something true. */
async function until(ask) {
  const end = Date.now() + 10_000
  while (!ask()) {
    if (Date.now() > end) throw new Error(`not within 10 seconds: ${ask}`)
    await nextTurn()
  }
}

async function crossMemoryNetwork() {
  const network = createMemoryNetwork()
  const ann = required.createOnlineMessageClient({ transport: network.join({ id: 'ann' }) })
  const bob = imported.createOnlineMessageClient({ transport: network.join({ id: 'bob' }) })
  const received = new Promise((resolve) => bob.subscribe({ user: 'ann' }, 'wave', resolve))
  const sent = await ann.send({ user: 'bob' }, 'wave', { hand: 'left' })
  deepStrictEqual(sent, { ok: true, recipients: 1 })
  deepStrictEqual((await received).data, { hand: 'left' })
}

/** The hooks and the badge of `theirs`, below the provider and with the client of `ours`. */
async function findProvider(ours, theirs) {
  const network = createMemoryNetwork()
  const failures = []
  const onError = (error) => failures.push(error.code)
  const bob = ours.createOnlineMessageClient({ transport: network.join({ id: 'bob' }), onError })
  const ann = ours.createOnlineMessageClient({ transport: network.join({ id: 'ann' }) })
  const fitsNothing = { '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: 'no' }] }) } }

  function Receiver() {
    strictEqual(theirs.useOnlineMessageClient(), bob)
    theirs.useOnlineMessage({
      conversation: { user: 'ann' },
      command: 'wave',
      schema: fitsNothing,
      onMessage: () => undefined,
    })
    return createElement(theirs.TypingBadge, { conversation: { user: 'ann' }, announce: false })
  }
  const root = createRoot(window.document.querySelector('main'))
  root.render(createElement(ours.OnlineMessageProvider, { client: bob }, createElement(Receiver)))
  // Bob has subscribed when the message is for somebody.
  while ((await ann.send({ user: 'bob' }, 'hello')).recipients === 0) await nextTurn()

  const typing = ann.typing({ user: 'bob' })
  typing.keystroke('hello')
  await until(() => window.document.body.textContent === 'The other party is typing…')
  typing.stop()

  await ann.send({ user: 'bob' }, 'wave')
  await until(() => failures.length > 0)
  deepStrictEqual(failures, ['invalid'])
  root.unmount()
}

async function shareServerAndSocket() {
  const server = new Server(0)
  const options = { identify: (socket) => socket.handshake.auth.user, authorize: () => true }
  const plugin = requiredServer.attachOnlineMessages(server, options)
  throws(() => importedServer.attachOnlineMessages(server, options), /has online messages already/)

  const connect = (user) => io(`http://localhost:${server.httpServer.address().port}`, { auth: { user } })
  const sockets = { ann: connect('ann'), bob: connect('bob') }
  const createClient = (copy, transport, socket) =>
    copy.createOnlineMessageClient({ transport: transport.createSocketTransport(socket) })
  const ann = createClient(imported, importedTransport, sockets.ann)
  const alsoAnn = createClient(required, requiredTransport, sockets.ann)
  const bob = createClient(imported, importedTransport, sockets.bob)
  strictEqual(alsoAnn.connection, ann.connection, 'two sessions on one socket')

  const seen = []
  const ended = new Promise((resolve) => {
    const typists = bob.typists({ user: 'ann' })
    typists.subscribe(() => {
      seen.push(typists.getState().total)
      if (seen.at(-1) === 0) resolve()
    })
  })
  const waves = []
  bob.subscribe({ user: 'ann' }, 'wave', ({ data }) => waves.push(data))
  ann.connection.subscribe(() => undefined)
  await until(() => {
    void ann.send({ user: 'bob' }, 'wave', 'before')
    return waves.includes('before')
  })
  const one = ann.typing({ user: 'bob' })
  const other = alsoAnn.typing({ user: 'bob' })
  one.keystroke('hello')
  other.keystroke('hello')
  await until(() => seen.includes(1))
  // T8: ann types in the other client still.
  one.stop()
  await alsoAnn.send({ user: 'bob' }, 'wave', 'after')
  await until(() => waves.includes('after'))
  deepStrictEqual(seen, [1])
  other.stop()
  await ended

  for (const socket of Object.values(sockets)) socket.disconnect()
  plugin.close()
  await server.close()
}
