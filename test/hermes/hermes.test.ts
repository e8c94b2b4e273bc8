import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { runInHermes } from './run-in-hermes.ts'
import { allSentences } from './sentences.ts'

describe('in Hermes, the engine of React Native', () => {
  const printed = { missing: [] as unknown[], sentence: [] as unknown[], event: [] as unknown[] }

  beforeAll(async () => {
    for (const line of await runInHermes(fileURLToPath(new URL('program.ts', import.meta.url)))) {
      const { kind, value } = JSON.parse(line) as { kind: keyof typeof printed; value: unknown }
      printed[kind].push(value)
    }
  })
  afterEach(() => void vi.restoreAllMocks())

  test('there is no Intl, no TextEncoder and no page', () => {
    expect(printed.missing).toEqual(['Intl', 'TextEncoder', 'structuredClone', 'document', 'window'])
  })

  test('every sentence of the 27 languages is the same as in Node', () => {
    // Without Intl a number is written in the plain way.
    vi.spyOn(Number.prototype, 'toLocaleString').mockImplementation(function (this: number) {
      return String(this)
    })
    const sentences = allSentences()
    expect(new Set(sentences.map((sentence) => sentence.split(' ')[0])).size).toBe(27)
    expect(printed.sentence).toEqual(sentences)
  })

  test('S3: two clients type and send to each other, and a pause of 4 s ends the typing', () => {
    expect(printed.event).toEqual([
      'Bob sees: \u2068Ann\u2069 schreibt…',
      '12 s of typing',
      'Bob sees: ',
      'Bob sees: \u2068Ann\u2069 schreibt…',
      '3.9 s without a key',
      'Bob sees: ',
      'Bob receives: {"text":"Grüße 👋"}',
      'Ann sent: {"ok":true,"recipients":1}',
    ])
  })
})
