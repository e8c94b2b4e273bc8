import type { Conversation } from '../core/message/conversation.ts'
import type { Room, RoomTypist } from './model.ts'
import { NOBODY_SHOWN } from './typing/shown.ts'

/** Shared by all rooms in which nobody types, and never written to: the first typist of a room brings a map of its own. */
const NO_TYPISTS: Room['typists'] = new Map()

/** Adds a typist to a room, after those who type there already (R1). */
export function addTypist(room: Room, userId: string, typist: RoomTypist): void {
  if (room.typists === NO_TYPISTS) room.typists = new Map()
  room.typists.set(userId, typist)
}

/** Removes a typist from a room. */
export function removeTypist(room: Room, userId: string): void {
  if (room.typists.size > 1) room.typists.delete(userId)
  else if (room.typists.has(userId)) room.typists = NO_TYPISTS
}

/** All rooms. An inbox is the room in which a user receives a conversation; an outbox is where what a user sends arrives. */
export interface Rooms {
  /** The room in which a user receives a conversation, if it exists. */
  inbox(userId: string, conversation: Conversation): Room | undefined
  /** The room in which what a user sends to a conversation arrives, if it exists. */
  outbox(userId: string, conversation: Conversation): Room | undefined
  /** The same, created if it does not exist. */
  openInbox(userId: string, conversation: Conversation): Room
  openOutbox(userId: string, conversation: Conversation): Room
  all(): Iterable<Room>
  find(key: string): Room | undefined
  /** The room of a conversation whose room may have been closed, created again if it does not exist. */
  reopen(room: Room): Room
  /** Removes a room in which nobody is subscribed or types. */
  closeIfEmpty(room: Room): void
}

/** The key of the room in which a user receives a conversation. JSON, because a separator inside an id would be ambiguous. */
export const inboxKey = (userId: string, { user, group, thread }: Conversation): string =>
  JSON.stringify(group === undefined ? ['user', userId, user, thread] : ['group', group, thread])

/** The key of the room in which what a user sends to a conversation arrives. */
export const outboxKey = (userId: string, conversation: Conversation): string =>
  inboxKey(conversation.user ?? userId, otherSide(userId, conversation))

/** A conversation as its other side sees it. A group is the same for all. */
const otherSide = (userId: string, conversation: Conversation): Conversation =>
  conversation.group === undefined ? { ...conversation, user: userId } : conversation

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
      typists: NO_TYPISTS,
      shown: NOBODY_SHOWN,
      lastUpdateAt: 0,
      repeatedAt: 0,
      isSending: false,
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
    all: () => rooms.values(),
    find: (key) => rooms.get(key),
    reopen: ({ key, conversation, writtenTo }) => open(key, conversation, writtenTo),
    closeIfEmpty(room) {
      if (room.devices.size || room.typists.size || rooms.get(room.key) !== room) return
      clearTimeout(room.updateTimer)
      rooms.delete(room.key)
    },
  }
}
