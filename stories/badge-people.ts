import type { Activity, Typist, TypingState } from '../src/index.ts'

/** A picture inside its own address, so that it needs no network. */
const portrait = (back: string, front: string) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="${back}" d="M0 0h24v24H0z"/><circle cx="12" cy="9.5" r="4.5" fill="${front}"/><circle cx="12" cy="24" r="9" fill="${front}"/></svg>`)}`

/** The address of a picture that cannot be decoded. */
export const BROKEN_PICTURE = 'data:image/png;base64,broken'

export const person = (name?: string, avatar?: string, activity: Activity = 'typing'): Typist => ({
  id: `${name ?? 'nameless'} ${avatar ?? ''} ${activity}`,
  name,
  avatar,
  activity,
  since: 0,
})

export const ada: Typist = person('Ada', portrait('#2f6f8f', '#bfe3f2'))
export const grace: Typist = person('Grace', portrait('#8a3f6b', '#f3c9e0'))
export const edsger: Typist = person('Edsger', portrait('#7a5b1e', '#f2dfb3'))

const nameless = (count: number) => Array.from({ length: count }, (_, n) => ({ ...person(), id: String(n) }))

/** Every situation that a badge may have to show, by its name. */
export const SITUATIONS: Readonly<Record<string, TypingState>> = {
  Nobody: { typists: [], total: 0 },
  One: { typists: [ada], total: 1 },
  Two: { typists: [ada, grace], total: 2 },
  Several: { typists: [ada, grace, edsger, person('Barbara')], total: 4 },
  Crowd: { typists: [ada, person('Barbara'), grace, edsger, person('Tony')], total: 1234 },
  'No names': { typists: nameless(3), total: 3 },
  'Very long names': {
    typists: [
      person('Hubert Blaine Wolfeschlegelsteinhausenbergerdorff'),
      person('Adolph Charles David Earl Frederick Gerald'),
    ],
    total: 2,
  },
  'Arabic names': { typists: [person('ليلى'), person('عمر')], total: 2 },
  'A name that is a number': { typists: [person('3'), ada], total: 2 },
  'A name that is a flag': { typists: [person('🇳🇱 Edsger'), person('👩🏽‍🔬')], total: 2 },
}
