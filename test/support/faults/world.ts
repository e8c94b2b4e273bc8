import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { createOnlineMessageClient, type Conversation } from '../../../src/core/index.ts'
import { attachOnlineMessages } from '../../../src/server/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { sleep, tick, until } from './clock.ts'
import { startProxy } from './proxy.ts'

/** So short that a stall of half a second makes a message old. */
const MAX_AGE = 300

/** What measuring costs, in milliseconds: this process does everything at once. */
const TOLERANCE = 250

/** Who is there: each with a connection and a network of its own. */
const PLAYERS = [
  ['ann', 'websocket'],
  ['ann', 'polling'],
  ['bob', 'websocket'],
  ['bob', 'polling'],
  ['cy', 'websocket'],
] as const
export const PLAYER_COUNT: number = PLAYERS.length

export const PLACES: readonly Conversation[] = [{ user: 'ann' }, { user: 'bob' }, { user: 'cy' }, { group: 'team' }]

/** What can happen. Players and places are indexes. */
export type Step =
  | { readonly do: 'connect' | 'disconnect' | 'drop' | 'kick' | 'stall' | 'flow'; readonly who: number }
  | { readonly do: 'send'; readonly who: number; readonly to: number; readonly count: number }
  | { readonly do: 'type' | 'stop' | 'listen' | 'leave'; readonly who: number; readonly to: number }
  | { readonly do: 'clock'; readonly by: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'truth' }

interface Payload {
  readonly n: number
  readonly from: number
  readonly at: number
}

/** The other side's name of a conversation; a group has one name. */
const asHeardFrom = (to: Conversation, sender: string): Conversation => (to.group === undefined ? { user: sender } : to)
const keyOf = ({ user, group }: Conversation) => (group === undefined ? `user ${user}` : `group ${group}`)

/** Plays the steps in a world of real sockets. @throws Error that names the rule that was broken. */
export async function playAtRandom(steps: readonly Step[]): Promise<void> {
  const http = createServer()
  // Pings come often, for a clock that was set is found out with the next one; their timeout is not what is tested here.
  const server = new Server(http, { pingInterval: 300, pingTimeout: 10_000 })
  const plugin = attachOnlineMessages(server, {
    identify: ({ handshake }) => String(handshake.auth.user),
    authorize: 'anyone',
    maxAge: MAX_AGE,
    rateLimits: { perConnection: 1_000_000, perGroup: 1_000_000 },
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo

  const broken: string[] = []
  /** Sent while the socket was not connected: nobody may ever hear it (T1). */
  const inVain = new Set<number>()
  let last = 0
  let shift = 0
  const now = Date.now
  Date.now = () => now() + shift

  const players = await Promise.all(
    PLAYERS.map(async ([user, carrier], index) => {
      const proxy = await startProxy(port)
      const socket = io(proxy.url, {
        auth: { user },
        transports: [carrier],
        forceNew: true,
        reconnectionDelay: 20,
        reconnectionDelayMax: 40,
      })
      const client = createOnlineMessageClient({ transport: createSocketTransport(socket), onError: () => {} })
      const listening = new Map<number, { end(): void; shown(): string }>()
      const typing = new Map<number, () => void>()
      const seen = new Set<number>()
      const newest = new Map<number, number>()
      client.connection.subscribe(() => {})
      let connectedSince = Infinity
      socket.on('connect', () => (connectedSince = tick()))
      socket.on('disconnect', () => (connectedSince = Infinity))

      const hear = (place: number, { n, from, at }: Payload) => {
        const age = tick() - at
        const say = (rule: string) => broken.push(`${rule}: player ${index} hears ${n} of ${from}, ${age} ms old`)
        if (PLAYERS[from]?.[0] === user) say('T4')
        if (!listening.has(place)) say('T5')
        if (seen.has(n)) say('T1 at most once')
        if (inVain.has(n)) say('T1 nothing is queued')
        if (age > MAX_AGE + TOLERANCE) say('G1')
        // Decided at one instant, which is at most `maxAge` after it was sent.
        if (at + MAX_AGE + TOLERANCE < connectedSince) say('G2')
        if (n < (newest.get(from) ?? 0)) say('T6 order')
        seen.add(n)
        newest.set(from, n)
      }

      return {
        user,
        proxy,
        socket,
        client,
        seen,
        listening,
        typing,
        isWanted: true,
        isStalled: false,
        listen(place: number) {
          if (listening.has(place)) return
          const to = PLACES[place]!
          const typists = client.typists(to)
          const ends = [
            client.subscribe(to, 'random', ({ data }) => hear(place, data as Payload)),
            typists.subscribe(() => {}),
          ]
          listening.set(place, {
            end: () => ends.forEach((end) => end()),
            shown: () =>
              typists
                .getState()
                .typists.map(({ id }) => id)
                .sort()
                .join(),
          })
        },
        leave(place: number) {
          const ears = listening.get(place)
          listening.delete(place)
          ears?.end()
        },
        send(place: number, count: number): number[] {
          return Array.from({ length: count }, () => {
            const n = ++last
            if (!socket.connected) inVain.add(n)
            void client.send(PLACES[place]!, 'random', { n, from: index, at: tick() }).then((result) => {
              if (inVain.has(n) && (result.ok || result.code !== 'offline')) {
                broken.push(`T1: sent while it is cut, the answer is ${JSON.stringify(result)}`)
              }
            })
            return n
          })
        },
        isOnline: () => client.connection.getState() === 'online',
      }
    }),
  )
  type Player = (typeof players)[number]

  /** Everybody who listens where this player's messages to a place are heard. */
  const receivers = (sender: Player, to: Conversation) =>
    players.filter(({ user, listening }) => {
      const isFor = to.group !== undefined || user === to.user
      const heardAs = keyOf(asHeardFrom(to, sender.user))
      return isFor && user !== sender.user && [...listening.keys()].some((place) => keyOf(PLACES[place]!) === heardAs)
    })

  /** Lets everything come to rest, and compares what is shown and heard with what is true. */
  const truth = async () => {
    for (const player of players) {
      if (player.isStalled) player.proxy.flow()
      player.isStalled = false
    }
    const there = players.filter(({ isWanted }) => isWanted)
    await until(() => there.every(({ isOnline }) => isOnline()), 'T5 everybody who wants to be is online')
    const gone = players.filter(({ isWanted }) => !isWanted)
    if (gone.some(({ isOnline }) => isOnline())) broken.push('T1: online while it is cut')

    // T6: everybody to everywhere, several in a tick, until each path has been open once; then all of it arrives.
    const paths = there.flatMap((sender) =>
      PLACES.flatMap((to, place) => {
        if (to.user === sender.user) return []
        const ears = receivers(sender, to).filter(({ isWanted }) => isWanted)
        return ears.length ? [{ sender, place, ears }] : []
      }),
    )
    const arrive = async (what: string) => {
      const sent = paths.map(({ sender, place, ears }) => ({ ears, numbers: sender.send(place, 3) }))
      const isThere = () =>
        sent.every(({ ears, numbers }) => ears.every(({ seen }) => numbers.every((n) => seen.has(n))))
      try {
        await until(isThere, what, 1000)
        return true
      } catch {
        return false
      }
    }
    let isOpen = false
    for (let time = 0; time < 5 && !isOpen; time++) isOpen = await arrive('the paths are open')
    if (!isOpen || !(await arrive('nothing is lost'))) broken.push('T6: something is lost while connected')

    // R1, R3, R5: each screen shows who types, and nobody else.
    const wrong = () =>
      there.flatMap((reader) =>
        [...reader.listening].flatMap(([place, { shown }]) => {
          const to = PLACES[place]!
          const isTyping = ({ user, typing, isWanted }: Player) =>
            isWanted &&
            user !== reader.user &&
            [...typing.keys()].some((typed) =>
              to.group === undefined
                ? user === to.user && PLACES[typed]!.user === reader.user
                : PLACES[typed]!.group === to.group,
            )
          const expected = [...new Set(players.filter(isTyping).map(({ user }) => user))].sort().join()
          return shown() === expected ? [] : [`${reader.user} sees ${shown()} in ${keyOf(to)} instead of ${expected}`]
        }),
      )
    try {
      await until(() => wrong().length === 0, 'typing', 1500)
    } catch {
      broken.push(...wrong().map((what) => `R: ${what}`))
    }
  }

  try {
    for (const player of players) for (const place of PLACES.keys()) player.listen(place)
    await truth()
    for (const step of steps) {
      if (broken.length) break
      if (step.do === 'wait') await sleep(step.ms)
      else if (step.do === 'clock') shift += step.by
      else if (step.do === 'truth') await truth()
      else {
        const player = players[step.who]!
        if (step.do === 'send') player.send(step.to, step.count)
        else if (step.do === 'listen') player.listen(step.to)
        else if (step.do === 'leave') player.leave(step.to)
        else if (step.do === 'type') {
          if (!player.typing.has(step.to))
            player.typing.set(step.to, player.client.typing(PLACES[step.to]!).startActivity('typing'))
        } else if (step.do === 'stop') {
          player.typing.get(step.to)?.()
          player.typing.delete(step.to)
        } else if (step.do === 'connect') {
          player.isWanted = true
          player.socket.connect()
        } else if (step.do === 'disconnect') {
          player.isWanted = false
          player.socket.disconnect()
        } else if (step.do === 'drop') player.socket.io.engine.close()
        else if (step.do === 'kick') {
          for (const { handshake, conn } of server.sockets.sockets.values()) {
            if (handshake.auth.user === player.user) conn.close()
          }
        } else if (step.do === 'stall') {
          player.isStalled = true
          player.proxy.stall()
        } else {
          player.isStalled = false
          player.proxy.flow()
        }
      }
    }
    await truth()
    if (broken.length) throw new Error(broken.slice(0, 5).join('\n'))

    // Nothing is left of anybody.
    for (const { socket, listening, typing } of players) {
      for (const { end } of listening.values()) end()
      for (const release of typing.values()) release()
      socket.disconnect()
    }
    await until(() => {
      const { connections, subscriptions: listeners, leases } = plugin.stats()
      return connections + listeners + leases === 0
    }, 'G3 the server forgets everybody')
  } finally {
    Date.now = now
    for (const { socket, proxy } of players) {
      socket.disconnect()
      await proxy.close()
    }
    plugin.close()
    await server.close()
  }
}
