import type { Conversation } from '../core/message/conversation.ts'
import type { Activity } from '../core/typing/typing.ts'
import type { User } from '../core/message/user.ts'
import { type Device, latest } from './devices/device.ts'

/** One user who types, by however many devices. */
export interface RoomTypist {
  readonly user: User
  /** Each device's share ends by itself; the latest one is last, and is what is shown. Never empty. */
  readonly shares: Map<Device, Share>
}

/** One device's session of typing. */
export interface Share {
  readonly activity: Activity
  /** When it began, by the server's clock. */
  readonly since: number
  until: number
}

/**
 * Where messages arrive: a group's members share one room, and one-to-one each direction is a room of its own, the
 * receiver's. It exists while somebody listens or types there.
 */
export interface Room {
  readonly key: string
  /** The conversation as those who listen see it. */
  readonly conversation: Conversation
  /** The same as those who write see it. */
  readonly writtenTo: Conversation
  /** Those who listen, and since when. */
  readonly devices: Map<Device, number>
  /** In the order in which they began (R1). One empty map serves all rooms in which nobody types. */
  typists: Map<string, RoomTypist>
  /** When the bucket of its rate limit will be full again. */
  messagesFullAt?: number | undefined
  /** One-to-one, and only the latest device is told: where typing is shown. */
  shownOn?: Device | undefined
  /** One-to-one: when a device on another node was last used, that listens there. */
  usedElsewhere?: number | undefined
  /** What was told last, and when; `undefined` to tell it again in any case. */
  told: string | undefined
  toldAt: number
  telling: boolean
  timer?: NodeJS.Timeout | undefined
}

/** Never written to: the first typist gets the room a map of its own. */
const NOBODY: Room['typists'] = new Map()

/** Takes a typist into a room, after those who are there. */
export function addTypist(room: Room, typist: RoomTypist): void {
  if (room.typists === NOBODY) room.typists = new Map()
  room.typists.set(typist.user.id, typist)
}

/** Takes a typist out of a room. */
export function removeTypist(room: Room, userId: string): void {
  if (room.typists.size > 1) room.typists.delete(userId)
  else if (room.typists.has(userId)) room.typists = NOBODY
}

/** Every room there is. */
export interface Rooms {
  /** The room in which a user hears a conversation, if it is there. */
  inbox(userId: string, conversation: Conversation): Room | undefined
  /** The room in which what a user writes is heard, if it is there. */
  outbox(userId: string, conversation: Conversation): Room | undefined
  openInbox(userId: string, conversation: Conversation): Room
  openOutbox(userId: string, conversation: Conversation): Room
  /** Forgets a room when nobody is left in it. */
  closeIfEmpty(room: Room): void
}

/** The key of the room in which a user hears a conversation. JSON, because a separator inside an id would be ambiguous. */
export const inboxKey = (userId: string, { user, group, thread }: Conversation): string =>
  JSON.stringify(group === undefined ? ['user', userId, user, thread] : ['group', group, thread])

/** The key of the room in which what a user writes is heard. */
export const outboxKey = (userId: string, conversation: Conversation): string =>
  inboxKey(conversation.user ?? userId, otherSide(userId, conversation))

/** A conversation as its other side sees it; a group is the same for all. */
const otherSide = (userId: string, conversation: Conversation): Conversation =>
  conversation.group === undefined ? { ...conversation, user: userId } : conversation

/** The latest device of a one-to-one room, unless it is on another node. */
export function inUse({ devices, usedElsewhere = 0 }: Room): Device | undefined {
  const own = latest(devices.keys())
  return own && own.usedAt >= usedElsewhere ? own : undefined
}

export function createRooms(): Rooms {
  const rooms = new Map<string, Room>()

  function open(key: string, conversation: Conversation, writtenTo: Conversation): Room {
    const known = rooms.get(key)
    if (known) return known
    const room: Room = {
      key,
      conversation,
      writtenTo,
      devices: new Map(),
      typists: NOBODY,
      told: '[]',
      toldAt: 0,
      telling: false,
    }
    rooms.set(key, room)
    return room
  }

  return {
    inbox: (userId, conversation) => rooms.get(inboxKey(userId, conversation)),
    outbox: (userId, conversation) => rooms.get(outboxKey(userId, conversation)),
    openInbox: (userId, conversation) =>
      open(inboxKey(userId, conversation), conversation, otherSide(userId, conversation)),
    openOutbox: (userId, conversation) =>
      open(outboxKey(userId, conversation), otherSide(userId, conversation), conversation),
    closeIfEmpty(room) {
      if (room.devices.size || room.typists.size || rooms.get(room.key) !== room) return
      clearTimeout(room.timer)
      rooms.delete(room.key)
    },
  }
}
