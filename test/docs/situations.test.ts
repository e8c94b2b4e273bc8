/** The servers of examples/situations, and the client that signs in later. docs/your-chat.md shows them. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { serveChats } from '../../examples/situations/chat-by-id-server.ts'
import { serveFromDatabase } from '../../examples/situations/database-ids.ts'
import { keepSignedIn } from '../../examples/situations/login-later-client.ts'
import { type Person, serveSignIns } from '../../examples/situations/login-later-server.ts'
import { atEnd, closeAll, names, roundTrip, startServer, type TestClient, until } from '../support/server/harness.ts'

const complaints = vi.spyOn(console, 'error')
const warnings = vi.spyOn(console, 'warn')
beforeEach(() => {
  complaints.mockReset().mockReturnValue(undefined)
  warnings.mockReset().mockReturnValue(undefined)
})
afterEach(closeAll)

const isOnline = ({ client }: TestClient) => client.connection.getState() === 'online'
const forbidden = { ok: false, code: 'forbidden' }

describe('login-later', () => {
  const people = new Map([
    ['token-of-ann', { id: 'ann', name: 'Ann' }],
    ['token-of-bob', { id: 'bob', name: 'Bob' }],
  ])
  const team = { group: 'team' }

  async function start(findPerson = async (token: string): Promise<Person | null> => people.get(token) ?? null) {
    const server = await startServer({ attach: false })
    const online = serveSignIns({ io: server.io as Parameters<typeof serveSignIns>[0]['io'], findPerson })
    /** A connection on which nobody has signed in. */
    const open = async () => {
      const device = server.begin('nobody')
      await until(() => device.socket.connected)
      return device
    }
    const openAs = async (token: string) => {
      const device = await open()
      atEnd(keepSignedIn(device.socket, token))
      await until(() => isOnline(device))
      return device
    }
    return { server, online, open, openAs }
  }

  test('I1: whoever has not signed in may do nothing, and is heard and hears from the sign-in on', async () => {
    const { open, openAs } = await start()
    const bob = await openAs('token-of-bob')
    const seenByBob = await bob.watch(team)

    const ann = await open()
    const heardByAnn = await ann.hear(team)
    expect(await ann.client.send(team, 'note')).toMatchObject({
      ...forbidden,
      message: expect.stringMatching(/Sign in first\..* reidentify/) as unknown,
    })
    expect(await bob.client.send(team, 'note', 'before')).toMatchObject({ ok: true })

    keepSignedIn(ann.socket, 'token-of-ann')
    await until(() => isOnline(ann))
    await ann.settled()
    expect(await bob.client.send(team, 'note', 'after')).toMatchObject({ ok: true })
    await until(() => heardByAnn.length > 0)
    // G2: what was sent before the sign-in does not come after it.
    expect(heardByAnn.map(({ data }) => data)).toEqual(['after'])

    ann.client.typing(team).keystroke()
    await until(() => seenByBob.at(-1)?.typists[0]?.name === 'Ann')
  })

  test('I1, S9: signing out ends the typing at once', async () => {
    const { online, open, openAs } = await start()
    const bob = await openAs('token-of-bob')
    const seenByBob = await bob.watch(team)
    const ann = await open()
    const signOut = keepSignedIn(ann.socket, 'token-of-ann')
    await until(() => isOnline(ann))
    ann.client.typing(team).keystroke()
    await until(() => seenByBob.at(-1)?.total === 1)

    signOut()
    await until(() => seenByBob.at(-1)?.total === 0)
    expect(online.stats().leases).toBe(0)
    expect(await ann.client.send(team, 'note')).toMatchObject(forbidden)
  })

  test('after a reconnect the person is signed in again', async () => {
    const { openAs } = await start()
    const bob = await openAs('token-of-bob')
    const seenByBob = await bob.watch(team)
    const ann = await openAs('token-of-ann')
    const firstId = ann.socket.id

    ann.socket.io.engine.close()
    ann.socket.connect()
    await until(() => isOnline(ann) && ann.socket.id !== firstId)
    ann.client.typing(team).keystroke()
    await until(() => names(seenByBob.at(-1))?.[0] === 'ann')
  })

  test('a sign-out overtakes a sign-in whose token is being checked', async () => {
    let finishCheck: (person: Person) => void = () => {}
    const { server, open } = await start(() => new Promise((resolve) => (finishCheck = resolve)))
    const ann = await open()
    const signOut = keepSignedIn(ann.socket, 'token-of-ann')
    await roundTrip(ann.socket)
    signOut()
    await roundTrip(ann.socket)
    finishCheck({ id: 'ann', name: 'Ann' })
    await roundTrip(ann.socket)
    const [served] = await server.io.fetchSockets()
    expect((served!.data as { person?: unknown }).person).toBeNull()
    expect(await ann.client.send(team, 'note')).toMatchObject(forbidden)
  })

  test('a token that cannot be checked signs nobody in', async () => {
    const { open } = await start(() => Promise.reject(new Error('The database is down.')))
    const ann = await open()
    keepSignedIn(ann.socket, 'token-of-ann')
    await roundTrip(ann.socket)
    expect(await ann.client.send(team, 'note')).toMatchObject(forbidden)
  })
})

describe('database-ids', () => {
  /** As MongoDB's: it prints as a string, is equal to itself only, and has its bytes in `id`. */
  class ObjectId {
    readonly id = new Uint8Array(12)
    readonly #hex: string
    constructor(hex: string) {
      this.#hex = hex
    }
    toString() {
      return this.#hex
    }
  }
  const annId = '65a1b2c3d4e5f60718293a4b'
  const bobId = '65a1b2c3d4e5f60718293a4c'

  const kindsOfIds: [kind: string, ids: { ann: () => unknown; bob: () => unknown }][] = [
    ['numbers', { ann: () => 1, bob: () => 2 }],
    ['ObjectIds, new ones in each answer', { ann: () => new ObjectId(annId), bob: () => new ObjectId(bobId) }],
  ]

  test.each(kindsOfIds)('%s become strings where they leave the database', async (_kind, ids) => {
    const server = await startServer({ attach: false })
    serveFromDatabase(server.io, {
      findUser: async (token) => {
        if (token !== 'ann' && token !== 'bob' && token !== 'cy') return null
        return { _id: token === 'cy' ? 99 : (ids[token]() as number), name: token.toUpperCase() }
      },
      findMembers: async (chatId) => (chatId === '7' ? [ids.ann() as number, ids.bob() as number] : []),
    })
    const connect = (token: string) => server.connect(token, { auth: { token } })
    const ann = await connect('ann')
    const bob = await connect('bob')
    const cy = await connect('cy')
    const seenByBob = await bob.watch({ group: '7' })

    ann.client.typing({ group: '7' }).keystroke()
    await until(() => seenByBob.at(-1)?.total === 1)
    expect(seenByBob.at(-1)?.typists[0]).toMatchObject({ id: String(ids.ann()), name: 'ANN' })
    expect(await ann.client.send({ group: '8' }, 'note')).toMatchObject(forbidden)
    expect(await cy.client.send({ group: '7' }, 'note')).toMatchObject(forbidden)
    expect(complaints).not.toHaveBeenCalled()

    bob.client.clearTypist({ group: '7' }, String(ids.ann()))
    expect(seenByBob.at(-1)?.total).toBe(0)
  })

  test('a client that forgets String(id) gets an error that names the fix', async () => {
    const server = await startServer()
    const { client } = await server.connect('ann')
    expect(() => client.typing({ user: 5 as unknown as string })).toThrow(
      /Give String\(id\) of a number or an ObjectId/,
    )
    expect(() => client.typists({ group: new ObjectId(annId) as unknown as string })).toThrow(/Give String\(id\)/)
    expect(() => client.clearTypist({ user: bobId }, 5 as unknown as string)).toThrow(
      'clearTypist was given a number as the id of a user. Give a string: String(id) of a number or an ObjectId. (react-online-message: invalid-id)',
    )
  })
})

describe('chat-by-id', () => {
  const members = new Map([['chat-1', ['ann', 'bob']]])
  const start = async () => {
    const server = await startServer({ attach: false })
    serveChats({
      io: server.io,
      findUser: (token) => (typeof token === 'string' ? { id: token, name: token.toUpperCase() } : null),
      isMember: (chatId, userId) => members.get(chatId)?.includes(userId) === true,
    })
    return { connect: (token: string) => server.connect(token, { auth: { token } }) }
  }

  test('two people of a chat see each other by name, and nobody else takes part', async () => {
    const { connect } = await start()
    const [ann, bob, eve] = await Promise.all([connect('ann'), connect('bob'), connect('eve')])
    const seenByBob = await bob.watch({ group: 'chat-1' })
    const seenByEve = await eve.watch({ group: 'chat-1' })

    ann.client.typing({ group: 'chat-1' }).keystroke()
    await until(() => seenByBob.at(-1)?.typists[0]?.name === 'ANN')
    expect(await eve.client.send({ group: 'chat-1' }, 'note')).toMatchObject(forbidden)
    expect(await ann.client.send({ user: 'bob' }, 'note')).toMatchObject(forbidden)
    expect(seenByEve).toEqual([])
    expect(eve.errors.map(({ code }) => code)).toEqual(['forbidden'])
  })
})
