/**
 * Where Node cannot require ES modules, the required half and the imported half of a program have a copy each. The halves
 * give each other objects, and need nothing else of each other.
 */
import { deepStrictEqual, notStrictEqual } from 'node:assert'
import { createRequire } from 'node:module'
import { createMemoryNetwork } from 'react-online-message/memory'
import * as imported from 'react-online-message/core'

const require = createRequire(import.meta.url)
const required = require('react-online-message/core')
notStrictEqual(required.createOnlineMessageClient, imported.createOnlineMessageClient)

const network = createMemoryNetwork()
const ann = required.createOnlineMessageClient({ transport: network.join({ id: 'ann' }) })
const bob = imported.createOnlineMessageClient({ transport: network.join({ id: 'bob' }) })
const received = new Promise((resolve) => bob.subscribe({ user: 'ann' }, 'wave', resolve))
const sent = await ann.send({ user: 'bob' }, 'wave', { hand: 'left' })
deepStrictEqual(sent, { ok: true, recipients: 1 })
deepStrictEqual((await received).data, { hand: 'left' })
