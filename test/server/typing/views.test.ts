import { expect, test } from 'vitest'
import type { User } from '../../../src/core/index.ts'
import { createDevice } from '../../../src/server/devices/device.ts'
import type { Room, TypingSession } from '../../../src/server/model.ts'
import { createRooms } from '../../../src/server/rooms.ts'
import { takeShown } from '../../../src/server/typing/views.ts'

type Sessions = readonly (readonly [user: User, session: Pick<TypingSession, 'activity' | 'since'>])[]

/** A room in which these type: for each typist the sessions of their devices, the latest one last. */
function roomWith(typists: readonly Sessions[]): Room {
  const room = createRooms().openInbox('reader', { group: 'team' })
  room.typists = new Map(
    typists.map((sessions) => [
      sessions[0]![0].id,
      {
        sessions: new Map(sessions.map(([user, session]) => [createDevice(user, () => {}), { ...session, until: 99 }])),
      },
    ]),
  )
  return room
}
const typing = (id: string): Sessions => [[{ id }, { activity: 'typing', since: 5 }]]
const roomOf = (...ids: readonly string[]) => roomWith(ids.map(typing))
const wire = (...ids: readonly string[]) => ids.map((id) => ({ id, since: 5 }))

test('where nobody types, everybody sees nobody', () => {
  const shown = takeShown(roomOf(), 5)
  expect(shown.viewOf('ann')).toEqual({ typists: [], total: 0, key: '' })
  expect(shown.signature).toBe('')
})

test('T4: each sees the others, at most `maxNames` of them, and how many there are', () => {
  const shown = takeShown(roomOf('a', 'b', 'c', 'd'), 2)
  const seen = (id: string) => {
    const { typists, total } = shown.viewOf(id)
    return { typists, total }
  }
  expect(seen('reader')).toEqual({ typists: wire('a', 'b'), total: 4 })
  expect(seen('a')).toEqual({ typists: wire('b', 'c'), total: 3 })
  expect(seen('b')).toEqual({ typists: wire('a', 'c'), total: 3 })
  expect(seen('c')).toEqual({ typists: wire('a', 'b'), total: 3 })
  expect(seen('d')).toEqual({ typists: wire('a', 'b'), total: 3 })
})

test('T4: whoever types alone sees nobody', () => {
  const shown = takeShown(roomOf('a'), 2)
  expect(shown.viewOf('a')).toEqual({ typists: [], total: 0, key: '' })
  expect(shown.viewOf('reader')).toMatchObject({ typists: wire('a'), total: 1 })
})

test('receivers who see the same share one view, so that it is encoded once', () => {
  const shown = takeShown(roomOf('a', 'b', 'c', 'd'), 2)
  expect(shown.viewOf('reader')).toBe(shown.viewOf('another reader'))
  expect(shown.viewOf('c')).toBe(shown.viewOf('d'))
  expect(shown.viewOf('c')).not.toBe(shown.viewOf('reader'))
  expect(shown.viewOf('a')).toBe(shown.viewOf('a'))
})

test('two views have the same key when they look the same, and another one when they do not', () => {
  const keyOf = (...ids: readonly string[]) => takeShown(roomOf(...ids), 2).viewOf('reader').key
  expect(keyOf('a', 'b')).toBe(keyOf('a', 'b'))
  expect(new Set([keyOf('a', 'b'), keyOf('b', 'a'), keyOf('a', 'b', 'c'), keyOf('a')]).size).toBe(4)
})

test('the signature changes with whoever types, named or not, and with what a named typist does', () => {
  const signatures = [
    roomOf('a', 'b', 'c', 'd'),
    roomOf('a', 'b', 'c', 'e'),
    roomOf('b', 'a', 'c', 'd'),
    roomWith([[[{ id: 'a' }, { activity: 'photo', since: 5 }]], typing('b'), typing('c'), typing('d')]),
    // The third is the second whom the first one sees.
    roomWith([
      typing('a'),
      typing('b'),
      [
        [
          { id: 'c', name: 'Cy' },
          { activity: 'typing', since: 5 },
        ],
      ],
      typing('d'),
    ]),
  ].map((room) => takeShown(room, 2).signature)
  expect(new Set(signatures).size).toBe(5)
})

test('R6: the latest session of a typist is shown, with the name that its device has', () => {
  const shown = takeShown(
    roomWith([
      [
        [
          { id: 'ann', name: 'Ann' },
          { activity: 'typing', since: 5 },
        ],
        [
          { id: 'ann', name: 'Annie', avatar: 'a.png' },
          { activity: 'recording', since: 8 },
        ],
      ],
    ]),
    5,
  )
  expect(shown.viewOf('bob').typists).toEqual([
    { id: 'ann', name: 'Annie', avatar: 'a.png', activity: 'recording', since: 8 },
  ])
})
