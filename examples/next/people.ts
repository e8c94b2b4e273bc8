export interface Person {
  readonly id: string
  readonly name: string
}

/** Your own users take the place of these. */
export const people: readonly Person[] = [
  { id: 'ann', name: 'Ann' },
  { id: 'bob', name: 'Bob' },
  { id: 'cleo', name: 'Cleo' },
]

export const findPerson = (id: unknown): Person | undefined => people.find((person) => person.id === id)
