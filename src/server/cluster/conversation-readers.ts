import { deliversToOne, latestDevice } from '../active-device.ts'
import { serverNow } from '../clock.ts'
import type { Room } from '../model.ts'
import type { Settings } from '../options.ts'
import type { Rooms } from '../rooms.ts'
import type { Leases } from '../typing/leases.ts'
import { type ActiveDeviceElection, createActiveDeviceElection } from './active-device-election.ts'
import type { ActiveDeviceClaim, PublishedLeases } from './bus-message.ts'
import type { ChannelSubscriptions, ChannelUse } from './channel-subscriptions.ts'
import type { Channels } from './channels.ts'
import type { NodeLink, Origin } from './peers/node-link.ts'
import { createRemoteLeases, type RemoteLeases } from './remote-leases.ts'
import type { RemoteMessages } from './remote-messages.ts'

/** How often the elections of active devices are checked, in milliseconds. */
const CHECK_INTERVAL = 1000

/** While the bus is slow, least time between two questions who types in one conversation, in milliseconds. */
const ASK_AGAIN_AFTER = 1000

/** Reads the channels of the conversations to which devices of this node are subscribed. */
export interface ConversationReaders {
  /** A device has subscribed to a room, or unsubscribed from it. */
  devicesChanged(room: Room): void
  /** A device in this room has just been used. */
  deviceUsed(room: Room): void
  /** The answer of a node that was asked who types. */
  receiveLeases(message: PublishedLeases, origin: Origin): void
  close(): void
}

/** One conversation that this node reads. */
interface Reader {
  /** The conversation, as a room that may have been closed: `rooms.find` returns the present one. */
  readonly room: Room
  /** Created with the first lease: most conversations that are open have no typist. */
  leases: RemoteLeases | undefined
  /** One-to-one with `deliverTo: 'active-device'`. */
  readonly election: ActiveDeviceElection | undefined
  /** When messages were last lost or too late; 0 if never. */
  doubtedAt: number
}

export interface ConversationReadersOptions {
  readonly link: NodeLink
  readonly channels: Channels
  readonly subscriptions: ChannelSubscriptions
  readonly messages: RemoteMessages
  readonly settings: Settings
  readonly rooms: Rooms
  readonly leases: Leases
  /** Another device of a room may be the active one now. */
  activeDeviceChanged(room: Room): void
}

export function createConversationReaders(options: ConversationReadersOptions): ConversationReaders {
  const { link, channels, subscriptions, messages, settings, rooms, leases, activeDeviceChanged } = options
  const readers = new Map<string, Reader>()
  let checkTimer: NodeJS.Timeout | undefined

  /** The channel that carries what is sent to a room. */
  const channelOf = ({ conversation, writtenTo }: Room) =>
    // One-to-one, only the other party sends there. A group's channel is the same for all senders.
    channels.conversation(conversation.user ?? '', writtenTo)

  /** One-to-one, only the other party can write there: anything else on the channel is not true. */
  const canWrite = ({ conversation }: Room, userId: string) =>
    conversation.user === undefined || conversation.user === userId

  function makeElection(channel: string, { key }: Room): ActiveDeviceElection {
    const find = () => rooms.find(key)
    return createActiveDeviceElection({
      node: link.id,
      now: serverNow,
      ownActiveAt: () => latestDevice(find()?.devices.keys() ?? [])?.lastActiveAt ?? 0,
      publish: (claim) => void link.publish(channel, { kind: 'active-device', ...claim }),
      onChange() {
        const room = find()
        if (!room) return
        room.isActiveElsewhere = readers.get(channel)?.election?.isElsewhere() === true
        activeDeviceChanged(room)
      },
    })
  }

  function makeReader(channel: string, room: Room): Reader {
    return {
      room,
      leases: undefined,
      election: deliversToOne(settings, room) ? makeElection(channel, room) : undefined,
      doubtedAt: 0,
    }
  }

  /** Asks the other nodes who types. */
  const ask = (channel: string) => void link.publish(channels.questions(channel), { kind: 'question' })

  /** Messages may have been lost, or were too late: what nobody confirms soon ends. */
  function doubt(reader: Reader): void {
    reader.doubtedAt = serverNow()
    reader.leases?.doubt()
  }

  function receiveLeases(channel: string, { leases: published }: PublishedLeases, origin: Origin): void {
    const reader = readers.get(channel)
    if (!reader) return
    const { room, doubtedAt } = reader
    reader.leases ??= createRemoteLeases({
      leases,
      maxAge: settings.maxAge,
      doubtedAt,
      openRoom: () => rooms.reopen(room),
      canWrite: (userId) => canWrite(room, userId),
    })
    reader.leases.receive(published, origin)
    // The bus was slow: what it has carried is not true any more. The answer to a question is.
    if (!origin.expired || serverNow() - doubtedAt < ASK_AGAIN_AFTER) return
    doubt(reader)
    ask(channel)
  }

  function receiveClaim({ election }: Reader, { number, activeAt }: ActiveDeviceClaim, origin: Origin): void {
    if (origin.expired) {
      election?.doubt()
      return
    }
    const { node, errorBound } = origin
    election?.receive({ node, number, activeAt: activeAt === 0 ? 0 : origin.toLocal(activeAt), errorBound })
  }

  function makeUse(channel: string, room: Room): ChannelUse {
    const reader = makeReader(channel, room)
    readers.set(channel, reader)
    return {
      receive(message, origin) {
        if (message.kind === 'message' && canWrite(room, message.user.id)) {
          messages.receive(rooms.find(room.key), message, origin)
        } else if (message.kind === 'leases') {
          receiveLeases(channel, message, origin)
        } else if (message.kind === 'active-device') {
          receiveClaim(reader, message, origin)
        }
      },
      onActive(isAgain) {
        if (isAgain) doubt(reader)
        // Also the first time: the answer to a question that was asked before has not arrived.
        reader.election?.doubt()
        ask(channel)
      },
      onEnd() {
        readers.delete(channel)
        reader.leases?.end()
      },
    }
  }

  function checkElections(): void {
    checkTimer = undefined
    for (const { election } of readers.values()) election?.check()
    checkLater()
  }

  function checkLater(): void {
    if (readers.size > 0) checkTimer ??= setTimeout(checkElections, CHECK_INTERVAL).unref()
  }

  return {
    devicesChanged(room) {
      const channel = channelOf(room)
      if (room.devices.size > 0) subscriptions.want(channel, () => makeUse(channel, room))
      else subscriptions.unwant(channel)
      const election = readers.get(channel)?.election
      if (!election) return
      room.isActiveElsewhere = election.isElsewhere()
      election.devicesChanged()
      checkLater()
    },
    deviceUsed(room) {
      readers.get(channelOf(room))?.election?.used()
    },
    receiveLeases: (message, origin) => receiveLeases(message.channel, message, origin),
    close() {
      clearTimeout(checkTimer)
    },
  }
}
