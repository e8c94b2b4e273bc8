import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_BYTES, parseContent, writeCommand, writeTyping } from '../../../src/transports/tencent-chat/payload.ts'
import { DOCUMENTS, KITS, OLDEST_DEMO, readsAsStart } from '../../support/tencent-chat/kits.ts'

const lease = { ttl: 7000, activity: 'recording' as const, since: 1_795_175_566_000 }
const ended = { ...lease, ttl: 0 }

describe('typing of others', () => {
  // The kits renew every 4 to 5 s: a lease of 7 s does not expire between two renewals (S5).
  const kitStart = { command: 'textInput', data: { ttl: 7000, activity: 'typing', since: 0 } }
  const kitEnd = { command: 'textInput', data: { ttl: 0, activity: 'typing', since: 0 } }

  test.each([...KITS, OLDEST_DEMO])('the $name: a start and an end', ({ start, end }) => {
    expect(parseContent(start)).toEqual(kitStart)
    expect(parseContent(end)).toEqual(kitEnd)
  })

  test.each([
    { userAction: 14, actionParam: 'EIMAMSG_InputStatus_Unheard' },
    { userAction: 14 },
    { actionParam: 'EIMAMSG_InputStatus_Ing' },
    { userAction: 14, actionParam: 'EIMAMSG_InputStatus_Ing', businessID: 'of_an_app' },
    { userAction: '14', actionParam: 'EIMAMSG_InputStatus_Ing' },
  ])('what an app sends is not taken for the oldest demo: %j', (fields) => {
    expect(parseContent(JSON.stringify(fields))).toBeUndefined()
  })

  test("Tencent's own web kits take three of six ends for starts", () => {
    const wrong = KITS.filter(({ end }) => readsAsStart(end))
    expect(wrong.map(({ name }) => name)).toEqual(['iOS', 'Flutter', 'WeChat'])
    expect(KITS.every(({ start }) => readsAsStart(start))).toBe(true)
  })

  test.each(DOCUMENTS)('%s', (_, start) => {
    expect(parseContent(start)).toEqual(kitStart)
  })

  test.each([
    [{ typingStatus: 1 }, 7000],
    [{ typingStatus: 0, userAction: 14 }, 0],
    [{ userAction: 14 }, 7000],
    [{ userAction: 0 }, 0],
    [{}, 0],
    [{ actionParam: 'EIMAMSG_InputStatus_Unheard', typingStatus: 1, userAction: 0 }, 7000],
    [{ actionParam: 7, typingStatus: '1', userAction: {} }, 0],
  ])('fields are missing or strange: %j', (fields, ttl) => {
    const text = JSON.stringify({ businessID: 'user_typing_status', ...fields })
    expect(parseContent(text)).toMatchObject({ data: { ttl } })
  })
})

describe('typing of this library', () => {
  test('tuikit: a start and an end as kits have them, with the lease beside them', () => {
    expect(JSON.parse(writeTyping({ form: 'tuikit', lease, thread: undefined }))).toEqual({
      ...(JSON.parse(KITS[0]!.start) as object),
      typing: lease,
    })
    expect(JSON.parse(writeTyping({ form: 'tuikit', lease: ended, thread: undefined }))).toEqual({
      ...(JSON.parse(KITS[0]!.end) as object),
      typing: ended,
    })
  })

  test("no kit reads the end as a start, not even Tencent's own", () => {
    expect(readsAsStart(writeTyping({ form: 'tuikit', lease, thread: undefined }))).toBe(true)
    expect(readsAsStart(writeTyping({ form: 'tuikit', lease: ended, thread: undefined }))).toBe(false)
  })

  test('textInput: a start as the documents have it, and an end that they do not read as a start', () => {
    expect(JSON.parse(writeTyping({ form: 'textInput', lease, thread: undefined }))).toEqual({
      command: 'textInput',
      typing: lease,
    })
    expect(JSON.parse(writeTyping({ form: 'textInput', lease: ended, thread: undefined }))).toEqual({
      businessID: 'online_message',
      version: 1,
      typing: ended,
    })
  })

  test.each(['tuikit', 'textInput'] as const)('%s: in a thread in a form that no kit shows', (form) => {
    for (const sent of [lease, ended]) {
      expect(JSON.parse(writeTyping({ form, lease: sent, thread: 'a' }))).toEqual({
        businessID: 'online_message',
        version: 1,
        typing: sent,
        thread: 'a',
      })
    }
  })

  test.each([6000, 12_000, 52_000])(
    'S5: a lease of %d ms arrives with its own length, not with that of a kit',
    (ttl) => {
      for (const form of ['tuikit', 'textInput'] as const) {
        for (const thread of [undefined, 'a']) {
          expect(parseContent(writeTyping({ form, lease: { ...lease, ttl }, thread }))).toMatchObject({ data: { ttl } })
        }
      }
    },
  )

  test.each([
    ['tuikit', undefined],
    ['textInput', undefined],
    ['tuikit', 'a'],
    ['textInput', 'a'],
  ] as const)('%s in thread %s: activity and session arrive', (form, thread) => {
    for (const sent of [lease, ended]) {
      expect(parseContent(writeTyping({ form, lease: sent, thread }))).toEqual({
        command: 'textInput',
        data: sent,
        thread,
      })
    }
  })
})

describe('other commands', () => {
  test('are written as JSON that others can read', () => {
    expect(writeCommand({ command: 'reaction', data: '{"emoji":"👍"}', thread: 'a' })).toBe(
      '{"businessID":"online_message","version":1,"command":"reaction","thread":"a","data":{"emoji":"👍"}}',
    )
    expect(writeCommand({ command: 'wave', data: '', thread: undefined })).toBe(
      '{"businessID":"online_message","version":1,"command":"wave"}',
    )
  })

  test.each([[{ list: [1, null] }], [null], [0], [''], ['text'], [false]])('carry %j', (data) => {
    for (const thread of [undefined, 'a']) {
      const text = writeCommand({ command: 'note', data: JSON.stringify(data), thread })
      expect(parseContent(text)).toEqual({ command: 'note', data, thread })
    }
  })

  test('have up to 12 KB in all, in UTF-8', () => {
    const write = (text: string) => writeCommand({ command: 'note', data: JSON.stringify(text), thread: 'ü' })
    const room = MAX_BYTES - (write('') as string).length - 1
    const full = write('x'.repeat(room))
    expect(new TextEncoder().encode(full as string).length).toBe(12 * 1024)
    expect(parseContent(full)).toMatchObject({ command: 'note' })
    expect(write('x'.repeat(room + 1))).toMatchObject({ ok: false, code: 'too-large' })
    expect(write('ü'.repeat(room / 2 + 1))).toMatchObject({ ok: false, code: 'too-large' })
  })
})

describe('anything else', () => {
  test.each([
    [undefined],
    [null],
    [7],
    [{}],
    [''],
    ['hello'],
    ['null'],
    ['7'],
    ['"textInput"'],
    ['[{"command":"textInput"}]'],
    ['{"command":"textInput"'],
    ['{"command":"TextInput"}'],
    ['{"businessID":"text_link","text":"…"}'],
    ['{"businessID":"av_call","command":"reaction","data":1}'],
    ['{"command":"reaction","data":1}'],
    ['{"__proto__":{"businessID":"user_typing_status","typingStatus":1}}'],
    ['{"businessID":"online_message","version":1}'],
    ['{"businessID":"online_message","version":1,"command":""}'],
    ['{"businessID":"online_message","version":1,"command":7}'],
    // Reserved: typing has a form of its own.
    ['{"businessID":"online_message","version":1,"command":"textInput","data":{"ttl":60000}}'],
    [`{"businessID":"online_message","version":1,"command":"${'x'.repeat(129)}"}`],
    [`{"businessID":"online_message","version":1,"command":"x","data":"${'x'.repeat(MAX_BYTES)}"}`],
  ])('%s', (text) => {
    expect(parseContent(text)).toBeUndefined()
  })

  const key = fc.constantFrom(
    'businessID',
    'command',
    'typing',
    'thread',
    'data',
    'typingStatus',
    'userAction',
    'ttl',
    '__proto__',
  )
  const word = fc.constantFrom(
    'online_message',
    'user_typing_status',
    'textInput',
    'EIMAMSG_InputStatus_Ing',
    'constructor',
  )
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { weight: 3, arbitrary: word },
      { weight: 2, arbitrary: fc.oneof(fc.double(), fc.constantFrom<unknown>(null, true, 0, 1, 14, '')) },
      { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
      { weight: 4, arbitrary: fc.dictionary(key, tie('value'), { maxKeys: 6 }) },
    ),
  })).value

  test('never makes it throw, and what it reads is bounded', () => {
    const hostile = fc.oneof(
      json.map((value) => JSON.stringify(value)),
      json.map((value) => JSON.stringify(value).slice(1)),
      fc.string(),
      fc.anything(),
    )
    fc.assert(
      fc.property(hostile, (text) => {
        const content = parseContent(text)
        if (!content) return
        expect(content.command.length).toBeGreaterThan(0)
        expect(content.command.length).toBeLessThanOrEqual(128)
        if (content.command !== 'textInput') return
        const { ttl, activity, since } = content.data as typeof lease
        expect(ttl).toBeLessThanOrEqual(60_000)
        expect(activity).toMatch(/^(typing|recording|photo|video|file|sticker|thinking)$/)
        expect(since).toBeTypeOf('number')
      }),
      { numRuns: 2000 },
    )
    expect(({} as { typingStatus?: unknown }).typingStatus).toBeUndefined()
  })
})
