/** Two clients type to each other over a server in this process. ES modules and CommonJS both load this file. */
const { createServer } = require('node:http')

module.exports = async function twoClientsType({ Server, connect, attachOnlineMessages, createClient }) {
  const http = createServer()
  const io = new Server(http)
  attachOnlineMessages(io, { identify: (socket) => socket.handshake.auth.user ?? null, authorize: () => true })
  await new Promise((resolve) => http.listen(0, resolve))

  const sockets = ['ann', 'bob'].map((user) =>
    connect(`http://localhost:${http.address().port}`, { auth: { user }, forceNew: true }),
  )
  const [ann, bob] = sockets.map(createClient)
  const typists = bob.typists({ user: 'ann' })
  const typing = ann.typing({ user: 'bob' })

  /** Resolves when the number of typists has been each of these, in this order. */
  const seen = new Promise((resolve, reject) => {
    const expected = [1, 0]
    const timer = setTimeout(
      () => reject(new Error(`nobody was seen to ${expected.length === 2 ? 'type' : 'stop'}`)),
      10_000,
    )
    typists.subscribe(({ total }) => {
      if (total !== expected.shift()) reject(new Error(`${total} typists`))
      if (total === 1) typing.stop()
      if (expected.length > 0) return
      clearTimeout(timer)
      resolve()
    })
  })
  typing.keystroke('hello')
  await seen

  for (const socket of sockets) socket.disconnect()
  await new Promise((resolve) => io.close(resolve))
}
