import type { User } from '../../src/core/index.ts'

export interface Person extends User {
  readonly name: string
}

const ann: Person = { id: 'ann', name: 'Ann' }
const bob: Person = { id: 'bob', name: 'Bob' }

/** Everybody in the demo. */
export const people: readonly Person[] = [ann, bob]

/** Whom a person chats with. */
export const otherThan = (person: Person): Person => (person.id === ann.id ? bob : ann)
