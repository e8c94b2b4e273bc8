import type { Conversation } from '../core/message/conversation.ts'
import { failure } from '../core/message/failure.ts'
import type { Priority, SendFailure, SendResult } from '../core/message/message.ts'
import { TYPING_COMMAND } from '../core/message/commands.ts'
import type { Activity } from '../core/typing/typing.ts'
import type { User } from '../core/message/user.ts'
import { MESSAGE, REFUSED } from '../core/transport/wire.ts'
import { serverNow } from './clock.ts'
import type { Bus } from './cluster/adapter-bus.ts'
import { type Cluster, createCluster } from './cluster/index.ts'
import type { Device, Room } from './model.ts'
import { activeDevice } from './active-device.ts'
import type { CheckedMessage, OutgoingDelivery } from './messages.ts'
import { createTypingUpdates } from './typing/typing-updates.ts'
import { countOf, removeFrom, includes, addTo, itemsOf } from './devices/small-set.ts'
import type { FrameMaker } from './connections/frame.ts'
import { createLeases } from './typing/leases.ts'
import type { AuthorizationRequest, Settings } from './options.ts'
import { askPermission } from './permission.ts'
import { createRateLimit, createRateLimits } from './connections/rate-limit.ts'
import { startRechecks } from './reauthorization.ts'
import type { Revocation } from './revocation.ts'
import { createRooms, outboxKey } from './rooms.ts'
import { createCounters, type DropReason, type Stats } from './stats.ts'
import { createUserDevices } from './devices/user-devices.ts'

/** Most conversations one device listens to, and in which it types: what a client can make the server remember. */
const MAX_LISTENING = 1000
const MAX_TYPING = 100

/** Most groups nobody listens to on this node, whose rate is limited all the same. */
const MAX_AWAY = 1000

/** Knows who listens where, asks for permission, and hands messages over. */
export interface Hub {
  add(device: Device): void
  /** This device of its user is the one in use. */
  markActive(device: Device): void
  /** Ends all a device had: it listens to nothing and types nowhere, for everybody at once. */
  remove(device: Device): void
  subscribe(device: Device, conversation: Conversation): SendFailure | undefined | Promise<SendFailure | undefined>
  unsubscribe(device: Device, conversation: Conversation): void
  /**
   * @param answer is told the result, at once or when other nodes have counted whom it reached.
   * @returns what has to be waited for before this device's next message is sent.
   */
  send(device: Device, message: CheckedMessage, answer: (result: SendResult) => void): Promise<void> | undefined
  /** Takes a lease of typing, or gives it back with a `ttl` of 0. Tells only a refusal. */
  lease(
    device: Device,
    at: number,
    ttl: number,
    activity: Activity,
    conversation: Conversation,
  ): SendFailure | undefined | Promise<SendFailure | undefined>
  revoke(revocation: Revocation): void
  /** Counts a refusal and passes it on. */
  refuse(reason: DropReason, failure: SendFailure): SendFailure
  stats(): Stats
  close(): void
}

const mayNotListen = failure('forbidden', 'You may not listen to this conversation: authorize said no.')
const revoked = failure('forbidden', 'You may not listen to this conversation any more: it was revoked.')
const mayNotSend = failure('forbidden', 'You may not send to this conversation: authorize said no.')
const tooMany = failure('rate-limited', `One connection may listen to ${MAX_LISTENING} conversations. Leave some.`)
const typesEverywhere = failure('rate-limited', `One connection may type in ${MAX_TYPING} conversations at once.`)
const groupIsFull = failure('rate-limited', 'Too many messages in this group just now. Send fewer, or later.')

/** @param bus the way to other nodes, if there is one. */
export function createHub(settings: Settings, makeFrame: FrameMaker, bus?: Bus): Hub {
  const counters = createCounters()
  const rooms = createRooms()
  const digests = createTypingUpdates(settings, rooms, makeFrame, counters)
  const leases = createLeases(rooms, digests, counters, (...lease) => cluster?.announceLease(...lease))
  const devices = createUserDevices()
  const groupRate = createRateLimit(settings.perGroup, 'messagesFullAt')
  const awayRate = createRateLimits(groupRate, MAX_AWAY)
  let uses = 0
  /** While there is anybody. */
  let stopRechecks: (() => void) | undefined
  const cluster: Cluster | undefined =
    bus &&
    createCluster({
      bus,
      settings,
      rooms,
      leases,
      typingUpdates: digests,
      counters,
      deliverLocally: handOver,
      revokeLocally: endAll,
    })

  const refuse = (reason: DropReason, refusal: SendFailure) => {
    counters.dropped[reason]++
    return refusal
  }

  const isLate = (at: number) => serverNow() - at > settings.maxAge
  const tooLate = () =>
    refuse(
      'late',
      failure(
        'timeout',
        `Older than ${settings.maxAge} ms on arrival, so it was dropped. Send it again if it still matters.`,
      ),
    )

  const permitted = (device: Device, request: AuthorizationRequest) =>
    askPermission(settings.authorize, device, request)

  function join(device: Device, conversation: Conversation): void {
    if (device.gone) return
    const room = rooms.openInbox(device.user.id, conversation)
    // Who listens already does so since then.
    if (!room.devices.has(device)) room.devices.set(device, serverNow())
    device.subscriptions = addTo(device.subscriptions, room)
    if (isShownOnce(room)) moved(room)
    digests.deliverTo(room, device)
  }

  function listensTo(device: Device, conversation: Conversation): Room | undefined {
    const room = rooms.inbox(device.user.id, conversation)
    return room && includes(device.subscriptions, room) ? room : undefined
  }

  function part(device: Device, room: Room): void {
    device.subscriptions = removeFrom(device.subscriptions, room)
    room.devices.delete(device)
    if (isShownOnce(room)) moved(room)
    rooms.closeIfEmpty(room)
  }

  /** Whether only the latest of a room's devices is told. */
  const isShownOnce = (room: Room) => settings.activeDeviceOnly && room.conversation.group === undefined

  /** Another of a room's devices may be the latest now. */
  function moved(room: Room): void {
    cluster?.activeDevice.check(room)
    digests.activeDeviceChanged(room)
  }

  /** Later than any use before it. */
  const nextUse = (after = 0) => (uses = Math.max(uses + 0.001, serverNow(), after))

  function touch(device: Device): void {
    const shown = settings.activeDeviceOnly ? itemsOf(device.subscriptions).filter(isShownOnce) : []
    device.lastActiveAt = nextUse(cluster?.activeDevice.after(shown))
    shown.forEach(moved)
  }

  /** Ends listening without having been asked to, and says so. */
  function endListening(device: Device, room: Room, refusal: SendFailure): void {
    if (!includes(device.subscriptions, room)) return
    part(device, room)
    if (room.typists.size) digests.deliverEmpty(room, device)
    tellRefused(device, room.conversation, refusal)
  }

  const tellRefused = (device: Device, conversation: Conversation, refusal: SendFailure) => {
    const at = serverNow()
    device.deliver(makeFrame(at, [REFUSED, Math.round(at), conversation, refusal]))
  }

  /** Asks again whether a device may listen to what it listens to. */
  async function recheck(device: Device): Promise<void> {
    for (const room of itemsOf(device.subscriptions)) {
      const { conversation } = room
      const yes = await permitted(device, { user: device.user, conversation, action: 'subscribe' })
      if (!yes) endListening(device, room, mayNotListen)
    }
  }

  /** Hands a message to those of this process's devices that were listening by then, and says how many. */
  function handOver(user: User, message: OutgoingDelivery, listeningSince = Infinity): number {
    const { at, command, data, conversation } = message
    const room = rooms.outbox(user.id, conversation)
    if (!room) return 0
    const frame = makeFrame(at, [MESSAGE, Math.round(at), room.conversation, command, data, user])
    const only = isShownOnce(room) ? [activeDevice(room)] : room.devices.keys()
    let reached = 0
    for (const device of only) {
      // Never to oneself, on any device (T4).
      if (!device || device.user.id === user.id || (room.devices.get(device) ?? 0) > listeningSince) continue
      device.deliver(frame)
      reached++
    }
    counters.messagesOut += reached
    return reached
  }

  function isWithinGroupRate({ id }: User, conversation: Conversation, priority: Priority): boolean {
    const room = rooms.outbox(id, conversation)
    // Without a room nobody listens here, and with other nodes somebody may do so there.
    return room ? groupRate(room, priority) : !cluster || awayRate(outboxKey(id, conversation), priority)
  }

  function deliver({ user }: Device, message: CheckedMessage): SendResult | Promise<SendResult> {
    const { at, conversation, priority } = message
    if (isLate(at)) return tooLate()
    if (conversation.group !== undefined) {
      if (!isWithinGroupRate(user, conversation, priority)) return refuse('limited', groupIsFull)
    }
    counters.messagesIn++
    const reached = handOver(user, message)
    // Our own are served first, and wait for nobody.
    const elsewhere = cluster?.publish(user, message)
    if (!reached && !cluster?.hasPeers()) counters.dropped.offline++
    if (!settings.countRecipients) return { ok: true }
    return elsewhere
      ? elsewhere.then((more) => ({ ok: true, recipients: reached + more }))
      : { ok: true, recipients: reached }
  }

  function take(device: Device, conversation: Conversation, ttl: number, activity: Activity): void {
    const { id } = device.user
    // Nobody sees themselves type.
    if (device.gone || conversation.user === id) return
    leases.take(device, rooms.openOutbox(id, conversation), ttl, activity)
  }

  /** Ends what a user heard and typed here, if it began by then. */
  function endAll({ user, conversation }: Revocation, before: number): void {
    for (const device of devices.of(user)) {
      device.revocations++
      const typing = [...(device.typingIn ?? [])].filter((room) => covers(conversation, room.writtenTo))
      for (const room of typing) {
        const since = room.typists.get(user)?.sessions.get(device)?.since
        if (since === undefined || since <= before) leases.release(device, room)
      }
      const ended = itemsOf(device.subscriptions).filter((room) => covers(conversation, room.conversation))
      for (const room of ended) if ((room.devices.get(device) ?? 0) <= before) endListening(device, room, revoked)
    }
  }

  return {
    refuse,
    markActive: touch,
    add(device) {
      device.lastActiveAt = nextUse()
      devices.add(device)
      if (Number.isFinite(settings.reauthorizeInterval)) {
        stopRechecks ??= startRechecks(settings.reauthorizeInterval, devices, (due) => void recheck(due))
      }
    },
    remove(device) {
      device.gone = true
      device.pendingLeases?.clear()
      for (const room of [...(device.typingIn ?? [])]) leases.release(device, room)
      for (const room of itemsOf(device.subscriptions)) part(device, room)
      devices.remove(device)
      if (devices.count()) return
      stopRechecks?.()
      stopRechecks = undefined
    },
    subscribe(device, conversation) {
      const isFull = () => countOf(device.subscriptions) >= MAX_LISTENING && !listensTo(device, conversation)
      if (isFull()) return refuse('limited', tooMany)
      const listenIfAllowed = (yes: boolean) => {
        if (!yes) return refuse('forbidden', mayNotListen)
        // Others may have been let in meanwhile.
        if (isFull()) return refuse('limited', tooMany)
        join(device, conversation)
        return undefined
      }
      const answer = permitted(device, { user: device.user, conversation, action: 'subscribe' })
      return typeof answer === 'boolean' ? listenIfAllowed(answer) : answer.then(listenIfAllowed)
    },
    unsubscribe(device, conversation) {
      const room = listensTo(device, conversation)
      if (room) part(device, room)
    },
    send(device, message, answer) {
      const { at, command, conversation } = message
      const deliverIfAllowed = (yes: boolean) => {
        const result = yes ? deliver(device, message) : refuse('forbidden', mayNotSend)
        if (result instanceof Promise) void result.then(answer)
        else answer(result)
        return undefined
      }
      if (isLate(at)) {
        answer(tooLate())
        return undefined
      }
      touch(device)
      const allowed = permitted(device, { user: device.user, conversation, action: 'send', command })
      return typeof allowed === 'boolean' ? deliverIfAllowed(allowed) : allowed.then(deliverIfAllowed)
    },
    lease(device, at, ttl, activity, conversation) {
      const { user } = device
      const wishes = (device.pendingLeases ??= new Map())
      const key = outboxKey(user.id, conversation)
      const giveBack = () => {
        // Overtakes and voids what still waits for permission.
        wishes.delete(key)
        const room = rooms.outbox(user.id, conversation)
        if (room) leases.release(device, room)
      }
      if (!ttl) {
        giveBack()
        return undefined
      }
      if (isLate(at)) return tooLate()
      touch(device)
      const waits = wishes.get(key)
      if (waits) {
        Object.assign(waits, { ttl, activity })
        return undefined
      }
      const room = rooms.outbox(user.id, conversation)
      const holds = room && device.typingIn?.has(room)
      if (!holds && (device.typingIn?.size ?? 0) + wishes.size >= MAX_TYPING) return refuse('limited', typesEverywhere)
      const wish = { ttl, activity }
      const takeIfAllowed = (yes: boolean) => {
        const wanted = wishes.get(key) === wish
        if (wanted) wishes.delete(key)
        if (yes && wanted) take(device, conversation, wish.ttl, wish.activity)
        if (yes) return undefined
        // A refused lease is not held, and ends the one before; a wish that came after it waits for its own answer.
        if (wanted) giveBack()
        return refuse('forbidden', mayNotSend)
      }
      wishes.set(key, wish)
      const answer = permitted(device, { user, conversation, action: 'send', command: TYPING_COMMAND })
      return typeof answer === 'boolean' ? takeIfAllowed(answer) : answer.then(takeIfAllowed)
    },
    revoke(revocation) {
      endAll(revocation, Infinity)
      cluster?.revoke(revocation)
    },
    stats() {
      let listeners = 0
      for (const { subscriptions: listening } of devices.all()) listeners += countOf(listening)
      const { dropped, ...counted } = counters
      const elsewhere = cluster && { bus: cluster.stats() }
      return {
        connections: devices.count(),
        subscriptions: listeners,
        ...counted,
        dropped: { ...dropped },
        ...elsewhere,
      }
    },
    close() {
      stopRechecks?.()
      // First: what ends here now ends on the other nodes with this.
      cluster?.close()
      leases.close()
    },
  }
}

/** Whether revoking one conversation ends another: itself, and its threads. Revoking none ends all. */
const covers = (ended: Conversation | undefined, other: Conversation) =>
  !ended ||
  (ended.user === other.user &&
    ended.group === other.group &&
    (ended.thread === undefined || ended.thread === other.thread))
