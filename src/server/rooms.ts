import type { Conversation } from '../core/message/conversation.ts'
import type { Room, RoomTypist } from './model.ts'

/** Never written to: the first typist gets the room a map of its own. */
const EMPTY: Room['typists'] = new Map()

/** Takes a typist into a room, after those who are there. */
export function addTypist(room: Room, typist: RoomTypist): void {
  if (room.typists === EMPTY) room.typists = new Map()
  room.typists.set(typist.user.id, typist)
}

/** Takes a typist out of a room. */
export function removeTypist(room: Room, userId: string): void {
  if (room.typists.size > 1) room.typists.delete(userId)
  else if (room.typists.has(userId)) room.typists = EMPTY
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
      typists: EMPTY,
      lastSignature: '[]',
      lastUpdateAt: 0,
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
    closeIfEmpty(room) {
      if (room.devices.size || room.typists.size || rooms.get(room.key) !== room) return
      clearTimeout(room.updateTimer)
      rooms.delete(room.key)
    },
  }
}
