/** What hermes.test.ts runs in Hermes. Each line is `{ kind, value }`. */
import { passTime, print } from './globals.ts'
import { createOnlineMessageClient, formatTyping } from '../../src/core/index.ts'
import { de } from '../../src/locales/index.ts'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'
import { allSentences } from './sentences.ts'

const report = (kind: string, value: unknown) => print(JSON.stringify({ kind, value }))

for (const name of ['Intl', 'TextEncoder', 'structuredClone', 'document', 'window']) {
  if (!(name in globalThis)) report('missing', name)
}
for (const sentence of allSentences()) report('sentence', sentence)

/** What happens in the network, in its order. */
const log = (what: string) => report('event', what)

async function typeToEachOther() {
  const network = createMemoryNetwork()
  const ann = createOnlineMessageClient({ transport: network.join({ id: 'ann', name: 'Ann' }) })
  const bob = createOnlineMessageClient({ transport: network.join({ id: 'bob', name: 'Bob' }) })
  const group = { group: 'team' }
  const typists = bob.typists(group)
  typists.subscribe(() => log(`Bob sees: ${formatTyping(typists.getState(), de)}`))
  bob.subscribe(group, 'greeting', ({ data }) => log(`Bob receives: ${JSON.stringify(data)}`))
  await passTime(0)

  const typing = ann.typing(group)
  // Longer than a lease, with a key in each second.
  for (let second = 0; second < 12; second++) {
    typing.keystroke()
    await passTime(1000)
  }
  log('12 s of typing')
  typing.stop()
  await passTime(0)

  typing.keystroke()
  await passTime(3900)
  log('3.9 s without a key')
  await passTime(200)

  const result = await ann.send(group, 'greeting', { text: 'Grüße 👋' })
  log(`Ann sent: ${JSON.stringify(result)}`)
}

void typeToEachOther().catch((error: unknown) => log(`failed: ${String(error)}`))
