import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { vectors, type WireEvent } from './vectors.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../protocol/events.schema.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, unknown>>
const page = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8')

const ajv = new Ajv2020({ strict: true, strictTuples: false, strictTypes: false, strictRequired: false })
ajv.addSchema(schema, 'events')

const definition = (name: string) => ajv.getSchema(`events#/$defs/${name}`) as ValidateFunction
const isFromClient = definition('clientToServer')
const isFromServer = definition('serverToClient')
const isAnswer = (event: unknown, answer: unknown) => definition('answers')({ [String(event)]: answer })

interface Frame {
  readonly who: string
  readonly way: '→' | '←'
  readonly id: string
  readonly type: '2' | '3'
  readonly content: readonly unknown[]
}

/** The events and acknowledgements on the page: `42["om:hello",1]`, `43/chat,1[{…}]`. The app's own events are none of ours. */
const frames = [...page.matchAll(/^(\w+) ([→←]) 4([23])(?:\/\w+,)?(\d*)(\[.*\])$/gm)]
  .map(
    ([, who, way, type, id, json = '[]']) => ({ who, way, type, id, content: JSON.parse(json) as unknown[] }) as Frame,
  )
  .filter(({ type, content }) => type === '3' || String(content[0]).startsWith('om:'))

/** What the server refuses with `invalid`, or does not know, as the page says. */
const isMeantToBeWrong = ({ content }: Frame) =>
  content[0] === 'om:future' ||
  JSON.stringify(content) === '["om:hello",2]' ||
  (content[0] === 'om:subscribe' && !Array.isArray(content[1]))

describe('the schema describes what is on the wire', () => {
  test('every frame of PROTOCOL.md', () => {
    expect(frames.length).toBeGreaterThan(40)
    const requests = new Map<string, unknown>()
    for (const frame of frames) {
      const { who, way, type, id, content } = frame
      const where = JSON.stringify(frame)
      if (type === '3') expect(isAnswer(requests.get(`${who} ${id}`), content[0]), where).toBe(true)
      else if (way === '→') {
        expect(isFromClient(content), where).toBe(!isMeantToBeWrong(frame))
        requests.set(`${who} ${id}`, content[0])
      } else expect(isFromServer(content), where).toBe(true)
    }
  })

  /** A range of stamps stands for any number in it. */
  const withStamps = (event: WireEvent) =>
    event.map((argument) =>
      /^\d+\.\.\d+$/.test(String(argument)) ? Number(String(argument).split('..')[1]) : argument,
    )

  test('every event of the vectors, apart from those that are malformed', () => {
    for (const { name, steps } of vectors) {
      for (const step of steps) {
        const where = `${name}: ${JSON.stringify(step)}`
        const isWellFormed = step.malformed !== true
        for (const event of [...(step.sends ?? []), ...(step.maySend ?? [])]) {
          expect(isFromClient(withStamps(event)), where).toBe(true)
        }
        if (step.receives && step.receives[0] !== 'om:future') {
          expect(isFromServer(step.receives), where).toBe(isWellFormed)
        }
        if (step.answers !== undefined) expect(isAnswer(step.answers, step.with), where).toBe(isWellFormed)
      }
    }
  })
})

describe('the schema refuses what is malformed', () => {
  /** One good event of each name. */
  const examples = new Map<string, WireEvent>()
  for (const frame of frames) {
    if (frame.type === '2' && !isMeantToBeWrong(frame)) examples.set(String(frame.content[0]), frame.content)
  }

  test('there is an example of every event in the schema', () => {
    const names = Object.keys(schema.$defs as object).filter((name) => name.startsWith('om:'))
    expect([...examples.keys()].sort()).toEqual(names.sort())
  })

  const optional: Readonly<Record<string, number>> = { 'om:hello': 2, 'om:subscribe': 2, 'om:send': 5 }

  test.each([...examples.keys()])('%s: an argument that is missing, or of another type', (name) => {
    const example = examples.get(name)!
    const isValid = ajv.getSchema('events')!
    expect(isValid(example)).toBe(true)
    const required = Math.min(example.length, optional[name] ?? Infinity)
    for (let index = 1; index < required; index++) {
      expect(isValid(example.slice(0, index)), `without argument ${index}`).toBe(false)
      for (const wrong of [null, true, {}, [7], { user: 7 }, { user: 'ann', group: 'team' }]) {
        expect(isValid(example.with(index, wrong)), `argument ${index}: ${JSON.stringify(wrong)}`).toBe(false)
      }
    }
  })

  test('an id, a command, a priority and answers out of their limits', () => {
    const send = examples.get('om:send')!
    for (const user of ['', 'x'.repeat(257)]) expect(isFromClient(send.with(4, { user }))).toBe(false)
    for (const command of ['', 'x'.repeat(129), 'textInput']) expect(isFromClient(send.with(2, command))).toBe(false)
    expect(isFromClient([...send.slice(0, 5), 'urgent'])).toBe(false)
    for (const answer of [null, {}, { ok: true }, { ok: false }, { ok: true, version: 1, time: 'now' }]) {
      expect(isAnswer('om:hello', answer)).toBe(false)
    }
    for (const answer of [null, {}, { ok: 'yes' }, { ok: true, recipients: 1.5 }, { ok: false, code: 7 }]) {
      expect(isAnswer('om:send', answer)).toBe(false)
    }
    expect(isAnswer('om:active', { ok: true })).toBe(false)
  })
})
