/**
 * Two chats with typing of their own, and the same two with react-online-message. Each test does the same with both
 * versions, and its name says what is different.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eavesdrop } from './eavesdrop.ts'
import type { Person } from './person.ts'
import { prepareStage, type Scene, type Stage } from './scene.ts'
import { until } from './until.ts'

let stage: Stage
beforeAll(async () => {
  stage = await prepareStage()
})
afterAll(() => stage.close())

const shownIn = (sentences: readonly string[]) => sentences.filter((sentence) => sentence !== '')

/**
 * Ann has a profile of her own. She loses the network, and presses a key. Later the network is back, and she sends.
 *
 * @returns what Bob saw of her typing
 */
async function typeOffline(ann: Person, bob: Person): Promise<string[]> {
  const noted = await bob.noteTyping()
  const arrived = bob.typingOnArrival('H')
  await ann.goOffline()
  await ann.field.press('H')
  // Until both versions have to know that she does not type any longer.
  await wait(4500)
  await ann.goOnline()
  // Whatever was queued has time to arrive.
  await wait(1000)
  await ann.send()
  await arrived
  return shownIn(await noted.sentences())
}

describe.concurrent('the tutorial chat', () => {
  test('R6: typing is gone when its message appears; it stayed', async () => {
    const seen = await stage.playBoth('tutorial', async ({ enter }) => {
      const ann = await enter('Ann')
      const bob = await enter('Bob')
      await ann.field.pressSequentially('Hello')
      await bob.sees('Ann is typing…')
      const arrived = bob.typingOnArrival('Hello')
      await ann.field.press('Enter')
      const onArrival = await arrived
      const goneAfter = await bob.timeUntilNobodyTypes()
      return { onArrival, goneAfter, complaints: [...ann.complaints(), ...bob.complaints()] }
    })
    expect(seen.before).toEqual({ onArrival: 'Ann is typing…', goneAfter: Infinity, complaints: [] })
    expect(seen.after).toMatchObject({ onArrival: '', complaints: [] })
  })

  test('R1: two people who type are both named; the last one replaced the other', async () => {
    const seen = await stage.playBoth('tutorial', async ({ enter }) => {
      const ann = await enter('Ann')
      const bob = await enter('Bob')
      const cy = await enter('Cy')
      await ann.field.press('H')
      await cy.sees('Ann is typing…')
      await bob.field.press('H')
      await cy.sees('Bob')
      return cy.typing()
    })
    expect(seen).toEqual({ before: 'Bob is typing…', after: 'Ann and Bob are typing…' })
  })

  test('S1, S2, S4: a message of 40 letters costs 2 events, and one more every 5 s; it cost 41', async () => {
    const seen = await stage.playBoth('tutorial', async ({ enter }) => {
      const ann = await enter('Ann')
      const bob = await enter('Bob')
      const arrived = bob.typingOnArrival('x'.repeat(40))
      const start = performance.now()
      await ann.field.pressSequentially('x'.repeat(40))
      await ann.field.press('Enter')
      await arrived
      return { events: ann.typingEvents().length, seconds: (performance.now() - start) / 1000 }
    })
    expect(seen.before.events).toBe(41)
    expect(seen.after.events).toBeGreaterThanOrEqual(2)
    expect(seen.after.events).toBeLessThanOrEqual(2 + seen.after.seconds / 5)
  })

  test('S6: keys that write nothing show nobody; Shift, Tab and arrows did', async () => {
    const seen = await stage.playBoth('tutorial', async ({ enter }) => {
      const ann = await enter('Ann')
      for (const key of ['Shift', 'ArrowLeft', 'Tab']) await ann.field.press(key)
      return ann.typingEvents().length
    })
    expect(seen).toEqual({ before: 3, after: 0 })
  })

  test('T3: the server names the typist; any visitor could show any sentence', async () => {
    const seen = await stage.playBoth('tutorial', async ({ enter, url }) => {
      const bob = await enter('Bob')
      const noted = await bob.noteTyping()
      const arrived = bob.typingOnArrival('Hello')
      const visitor = io(url, { forceNew: true })
      visitor.emit('typing', 'The moderator is typing…')
      visitor.emit('message', { id: 'id of the message', userId: 'id of a visitor', name: 'Visitor', text: 'Hello' })
      await arrived
      visitor.disconnect()
      return noted.sentences()
    })
    expect(seen).toEqual({ before: ['The moderator is typing…'], after: [] })
  })

  test('R3: a typist who closes the tab is gone within a second; they stayed', async () => {
    const seen = await stage.playBoth('tutorial', async ({ enter }) => {
      const ann = await enter('Ann')
      const bob = await enter('Bob')
      await ann.field.press('H')
      await bob.sees('Ann is typing…')
      await ann.leave()
      return bob.timeUntilNobodyTypes()
    })
    expect(seen.before).toBe(Infinity)
    expect(seen.after).toBeLessThan(1000)
  })

  test('T1: what was typed offline is never shown; it was queued and shown later', async () => {
    const seen = await stage.playBoth('tutorial', async ({ enter, enterInOwnProfile }) => {
      const ann = await enterInOwnProfile('Ann')
      return typeOffline(ann, await enter('Bob'))
    })
    expect(seen).toEqual({ before: ['Ann is typing…'], after: [] })
  })
})

async function choose({ page, field }: Person, chat: string): Promise<void> {
  await page.getByRole('button', { name: chat, exact: true }).click()
  await field.waitFor()
}

async function enterChat({ enter }: Scene, { name, chat }: { name: string; chat: string }): Promise<Person> {
  const person = await enter(name)
  await choose(person, chat)
  return person
}

/** Two people in the chat that they have for themselves. */
async function enterAsAnnAndBob(scene: Scene): Promise<{ ann: Person; bob: Person }> {
  const ann = await enterChat(scene, { name: 'Ann', chat: 'Ann and Bob' })
  const bob = await enterChat(scene, { name: 'Bob', chat: 'Ann and Bob' })
  return { ann, bob }
}

describe.concurrent('the MERN chat', () => {
  test('R3: a typist who closes the tab is gone within a second; they stayed', async () => {
    const seen = await stage.playBoth('mern', async (scene) => {
      const { ann, bob } = await enterAsAnnAndBob(scene)
      await ann.field.pressSequentially('He')
      await bob.sees('typing…')
      await ann.leave()
      return bob.timeUntilNobodyTypes()
    })
    expect(seen.before).toBe(Infinity)
    expect(seen.after).toBeLessThan(1000)
  })

  test('S5: a typist who loses the network is gone within 8 s; they stayed', async () => {
    const seen = await stage.playBoth('mern', async (scene) => {
      const { ann, bob } = await enterAsAnnAndBob(scene)
      await ann.field.pressSequentially('He')
      await bob.sees('typing…')
      ann.vanish()
      return bob.timeUntilNobodyTypes()
    })
    expect(seen.before).toBe(Infinity)
    expect(seen.after).toBeLessThan(8000)
  })

  test('S3: a single key is gone 4 s later; it stayed', async () => {
    const seen = await stage.playBoth('mern', async (scene) => {
      const { ann, bob } = await enterAsAnnAndBob(scene)
      await ann.field.press('H')
      await bob.sees('typing…')
      return bob.timeUntilNobodyTypes()
    })
    expect(seen.before).toBe(Infinity)
    expect(seen.after).toBeLessThan(5000)
  })

  test('R2, R6: a typist who goes on typing stays until the message appears; they flickered from the third second on', async () => {
    const seen = await stage.playBoth('mern', async (scene) => {
      const { ann, bob } = await enterAsAnnAndBob(scene)
      const noted = await bob.noteTyping()
      const start = performance.now()
      await ann.field.pressSequentially('x'.repeat(45), { delay: 100 })
      const seconds = (performance.now() - start) / 1000
      const sentences = await noted.sentences()
      const events = ann.typingEvents().length
      const arrived = bob.typingOnArrival('x'.repeat(45))
      await ann.send()
      const onArrival = await arrived
      return { sentences, events, seconds, onArrival, complaints: [...ann.complaints(), ...bob.complaints()] }
    })
    expect(seen.before.sentences.slice(0, 5)).toEqual(['typing…', '', 'typing…', '', 'typing…'])
    expect(seen.before.events).toBeGreaterThan(10)
    expect(seen.after).toMatchObject({ sentences: ['Ann is typing…'], onArrival: '', complaints: [] })
    // The lease, and a renewal every 5 s.
    expect(seen.after.events).toBeLessThanOrEqual(1 + seen.after.seconds / 5)
  })

  test('R3: one of two typists stops and the other stays; both disappeared', async () => {
    const seen = await stage.playBoth('mern', async (scene) => {
      const ann = await enterChat(scene, { name: 'Ann', chat: 'Lunch' })
      const bob = await enterChat(scene, { name: 'Bob', chat: 'Lunch' })
      const cy = await enterChat(scene, { name: 'Cy', chat: 'Lunch' })
      await ann.field.press('H')
      await cy.sees('typing…')
      await bob.field.press('H')
      await until(() => bob.typingEvents().length === 1)
      const arrived = cy.typingOnArrival('H')
      await ann.send()
      await arrived
      return cy.typing()
    })
    expect(seen).toEqual({ before: '', after: 'Bob is typing…' })
  })

  test('R7: typing in another chat is not shown; it was', async () => {
    const seen = await stage.playBoth('mern', async (scene) => {
      const { ann, bob } = await enterAsAnnAndBob(scene)
      await choose(bob, 'Bob and Cy')
      const cy = await enterChat(scene, { name: 'Cy', chat: 'Bob and Cy' })
      const noted = await bob.noteTyping()
      const arrived = bob.typingOnArrival('Hello')
      await ann.field.press('H')
      await ann.send()
      await until(() => ann.typingEvents().length === 2)
      await cy.field.fill('Hello')
      const sentencesOfAnn = await noted.sentences()
      await cy.send()
      await arrived
      return shownIn(sentencesOfAnn)
    })
    expect(seen).toEqual({ before: ['typing…'], after: [] })
  })

  test('R1: whoever opens a chat sees who types there; nobody was shown', async () => {
    const seen = await stage.playBoth('mern', async (scene) => {
      const ann = await enterChat(scene, { name: 'Ann', chat: 'Ann and Bob' })
      const bob = await scene.enter('Bob')
      await ann.field.press('H')
      await until(() => ann.typingEvents().length === 1)
      await choose(bob, 'Ann and Bob')
      return bob.sees('typing…').then(
        () => true,
        () => false,
      )
    })
    expect(seen).toEqual({ before: false, after: true })
  })

  test('only the people of a chat learn who types there; anybody could listen', async () => {
    const seen = await stage.playBoth('mern', async (scene) => {
      const ann = await enterChat(scene, { name: 'Ann', chat: 'Ann and Bob' })
      const cy = await eavesdrop(scene)
      await ann.field.press('H')
      const outcome = await cy.outcome
      cy.leave()
      return outcome
    })
    expect(seen).toEqual({ before: 'typing', after: 'forbidden' })
  })

  test('T1: what was typed offline is never shown; it was queued and shown later', async () => {
    const seen = await stage.playBoth('mern', async (scene) => {
      const ann = await scene.enterInOwnProfile('Ann')
      await choose(ann, 'Ann and Bob')
      return typeOffline(ann, await enterChat(scene, { name: 'Bob', chat: 'Ann and Bob' }))
    })
    expect(seen).toEqual({ before: ['typing…'], after: [] })
  })
})
