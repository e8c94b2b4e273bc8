import { expect, test } from 'vitest'
import { givenId, idError } from '../../src/server/id-error.ts'

class ObjectId {
  readonly id = new Uint8Array(12)
}
class User {
  readonly id = 'ann'
}
class Mongo {
  readonly name = 'ann'
}

const withoutPrototype = Object.create(null) as object

test.each<[unknown, string]>([
  [undefined, 'identify gave no id. Ids are strings: give String(id).'],
  [null, 'identify gave no id. Ids are strings: give String(id).'],
  ['', 'identify gave an empty id. Give a string of 1 to 256 characters.'],
  ['x'.repeat(257), 'identify gave an id of 257 characters. Give a string of 1 to 256 characters.'],
  [5, 'identify gave an id that is a number (5). Ids are strings: give String(id).'],
  [5n, 'identify gave an id that is a bigint (5). Ids are strings: give String(id).'],
  [true, 'identify gave an id that is a boolean (true). Ids are strings: give String(id).'],
  [Symbol('x'), 'identify gave an id that is a symbol (Symbol(x)). Ids are strings: give String(id).'],
  [() => 'ann', 'identify gave an id that is a function. Ids are strings: give String(id).'],
  [new ObjectId(), 'identify gave an id that is an ObjectId. Ids are strings: give String(id).'],
  [new Mongo(), 'identify gave an id that is a Mongo. Ids are strings: give String(id).'],
  [['ann'], 'identify gave an id that is an Array. Ids are strings: give String(id).'],
  [{}, 'identify gave an id that is an Object. Ids are strings: give String(id).'],
  [withoutPrototype, 'identify gave an id that is an Object. Ids are strings: give String(id).'],
  [{ constructor: 'mine' }, 'identify gave an id that is an Object. Ids are strings: give String(id).'],
])('the error for an id that is none says what it is: case %#', (id, message) => {
  const error = idError('identify gave', id)
  expect(error).toBeInstanceOf(TypeError)
  expect(error.message).toBe(`${message} (react-online-message: invalid-id)`)
})

test('a user has an id', () => {
  expect(givenId({ id: 'ann' })).toBe('ann')
  expect(givenId({ id: 5 })).toBe(5)
  expect(givenId(new User())).toBe('ann')
  expect(givenId({})).toBeUndefined()
  expect(givenId(Object.assign(Object.create(null), { id: 'ann' }))).toBe('ann')
})

test('what is no user was meant as the id itself', () => {
  const list = ['ann']
  const objectId = new ObjectId()
  const mongo = new Mongo()
  for (const given of [undefined, null, 'ann', 5, list, objectId, mongo]) expect(givenId(given)).toBe(given)
})

test('a plain object with bytes as its id is a user with a wrong id', () => {
  const id = new Uint8Array(12)
  expect(givenId({ id })).toBe(id)
})
