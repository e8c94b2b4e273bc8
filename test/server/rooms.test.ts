import { describe, expect, test } from 'vitest'
import { createDevice } from '../../src/server/devices/device.ts'
import { addTypist, createRooms, inboxKey, outboxKey, removeTypist } from '../../src/server/rooms.ts'

const group = { group: 'team' }

const typist = (id: string) => {
  const user = { id }
  const session = { activity: 'typing', since: 0, until: 0 } as const
  return { sessions: new Map([[createDevice(user, () => {}), session]]) }
}

describe('keys', () => {
  test('one-to-one: what Ann sends to Bob arrives where Bob receives it from Ann', () => {
    expect(outboxKey('ann', { user: 'bob' })).toBe(inboxKey('bob', { user: 'ann' }))
    expect(outboxKey('ann', { user: 'bob' })).not.toBe(outboxKey('bob', { user: 'ann' }))
  })

  test('a group has one room for all its members, and each thread one of its own', () => {
    expect(outboxKey('ann', group)).toBe(inboxKey('bob', group))
    expect(inboxKey('ann', { ...group, thread: 't' })).not.toBe(inboxKey('ann', group))
    expect(outboxKey('ann', { ...group, thread: 't' })).toBe(inboxKey('bob', { ...group, thread: 't' }))
  })

  test('ids with separators in them do not collide, nor does a user with a group of the same id', () => {
    expect(inboxKey('a","b', { user: 'c' })).not.toBe(inboxKey('a', { user: 'b","c' }))
    expect(inboxKey('ann', { user: 'team' })).not.toBe(inboxKey('ann', { group: 'team' }))
  })
})

describe('rooms', () => {
  test('the two sides of a conversation open the same room, which each sees as its own', () => {
    const rooms = createRooms()
    const room = rooms.openInbox('bob', { user: 'ann', thread: 't' })
    expect(rooms.openOutbox('ann', { user: 'bob', thread: 't' })).toBe(room)
    expect(room.conversation).toEqual({ user: 'ann', thread: 't' })
    expect(room.writtenTo).toEqual({ user: 'bob', thread: 't' })
    expect(rooms.inbox('bob', { user: 'ann', thread: 't' })).toBe(room)
    expect(rooms.outbox('ann', { user: 'bob', thread: 't' })).toBe(room)
    expect(rooms.inbox('ann', { user: 'bob', thread: 't' })).toBeUndefined()
  })

  test('a room is closed when neither a subscriber nor a typist is left', () => {
    const rooms = createRooms()
    const room = rooms.openInbox('bob', group)
    const device = createDevice({ id: 'bob' }, () => {})
    room.devices.set(device, 1)
    addTypist(room, 'ann', typist('ann'))
    rooms.closeIfEmpty(room)
    expect(rooms.inbox('bob', group)).toBe(room)
    room.devices.delete(device)
    rooms.closeIfEmpty(room)
    expect(rooms.inbox('bob', group)).toBe(room)
    removeTypist(room, 'ann')
    rooms.closeIfEmpty(room)
    expect(rooms.inbox('bob', group)).toBeUndefined()
  })

  test('closing a room that was closed before does not close the one that has taken its place', () => {
    const rooms = createRooms()
    const before = rooms.openInbox('bob', group)
    rooms.closeIfEmpty(before)
    const after = rooms.openInbox('bob', group)
    rooms.closeIfEmpty(before)
    expect(rooms.inbox('bob', group)).toBe(after)
  })

  test('R1: typists stay in the order in which they began, and those of one room are not those of another', () => {
    const rooms = createRooms()
    const room = rooms.openInbox('bob', group)
    const other = rooms.openInbox('bob', { group: 'other' })
    for (const id of ['eve', 'ann', 'dan']) addTypist(room, id, typist(id))
    expect([...room.typists.keys()]).toEqual(['eve', 'ann', 'dan'])
    expect(other.typists.size).toBe(0)
    removeTypist(room, 'eve')
    expect([...room.typists.keys()]).toEqual(['ann', 'dan'])
    removeTypist(room, 'ann')
    removeTypist(room, 'nobody')
    removeTypist(room, 'dan')
    expect(room.typists.size).toBe(0)
    addTypist(room, 'ann', typist('ann'))
    expect([room.typists.size, other.typists.size]).toEqual([1, 0])
  })

  test('a typist who is not there is removed from nobody’s room', () => {
    const room = createRooms().openInbox('bob', group)
    addTypist(room, 'ann', typist('ann'))
    removeTypist(room, 'eve')
    expect([...room.typists.keys()]).toEqual(['ann'])
  })

  test('a room in which somebody typed alone shares its empty map again, and writes nothing into it', () => {
    const rooms = createRooms()
    const room = rooms.openInbox('bob', group)
    const { typists } = rooms.openInbox('bob', { group: 'other' })
    addTypist(room, 'ann', typist('ann'))
    removeTypist(room, 'ann')
    expect(room.typists).toBe(typists)
  })

  test('a group is the same for all: its room has the conversation as it was given', () => {
    const rooms = createRooms()
    const conversation = { ...group, thread: 't' }
    const room = rooms.openInbox('bob', conversation)
    expect([room.conversation, room.writtenTo]).toStrictEqual([conversation, conversation])
    expect(rooms.openOutbox('ann', { group: 'other' }).conversation).toStrictEqual({ group: 'other' })
    expect(room.isSending).toBe(false)
  })

  test('a room is found by its key, and one that was closed is opened again with its conversation', () => {
    const rooms = createRooms()
    const room = rooms.openInbox('bob', { user: 'ann' })
    expect(rooms.find(room.key)).toBe(room)
    expect(rooms.reopen(room)).toBe(room)
    rooms.closeIfEmpty(room)
    expect(rooms.find(room.key)).toBeUndefined()
    const { key, conversation, writtenTo } = room
    expect(rooms.reopen(room)).toMatchObject({ key, conversation, writtenTo })
    expect(rooms.find(key)).not.toBe(room)
    expect([...rooms.all()]).toEqual([rooms.find(key)])
  })
})
