import type { User } from '../../src/core/index.ts'

export interface Person extends User {
  readonly name: string
}

const ann: Person = { id: 'ann', name: 'Ann' }
const bob: Person = { id: 'bob', name: 'Bob' }

/** Everybody in this example. */
export const people: readonly Person[] = [ann, bob]

/** The person with whom somebody chats. */
export const otherThan = (person: Person): Person => (person.id === ann.id ? bob : ann)
