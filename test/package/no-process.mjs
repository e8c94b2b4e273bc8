/** A page without a bundler has no `process`: the checks for developers are left out there, and nothing throws. */
delete globalThis.process

const { createOnlineMessageClient } = await import('react-online-message/core')
const { createMemoryNetwork } = await import('react-online-message/memory')
await import('react-online-message/broadcast-channel')
await import('react-online-message/socket.io')

const network = createMemoryNetwork()
const transport = network.join({ id: 'ann' })
const client = createOnlineMessageClient({ transport })
const typing = client.typing({ user: 'bob' })
typing.keystroke('hello')
typing.stop()
await client.send({ user: 'bob' }, 'wave')

// Nobody waits for the result of a keystroke, so its failure is reported.
transport.disconnect()
const typingToCarol = client.typing({ user: 'carol' })
typingToCarol.keystroke('hello')
await new Promise((resolve) => setTimeout(resolve, 50))
typingToCarol.stop()
