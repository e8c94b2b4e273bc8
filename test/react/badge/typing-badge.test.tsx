import { act, render, screen } from '@testing-library/react'
import { createRef } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  type Conversation,
  TypingBadge,
  type TypingBadgeProps,
  type TypingBadgeState,
  type TypingLocale,
  type Typist,
} from '../../../src/index.ts'
import { zhCN } from '../../../src/locales/zh-cn.ts'
import { createHarness, quietly } from '../../support/react/harness.tsx'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const ANN: Conversation = { user: 'ann' }
const SENTENCE = 'The other party is typing…'
const pass = (ms: number) =>
  act(() => {
    vi.advanceTimersByTime(ms)
  })

const typist = (name: string): Typist => ({ id: name, name, activity: 'typing', since: 1 })

function setUp(props: Partial<TypingBadgeProps> = {}, options: Parameters<typeof createHarness>[0] = {}) {
  const harness = createHarness(options)
  const view = harness.show(
    <TypingBadge data-testid="badge" {...({ conversation: ANN, ...props } as TypingBadgeProps)} />,
  )
  const part = (name: string) => view.container.querySelector(`[data-part="${name}"]`)
  return {
    ...harness,
    ...view,
    root: () => screen.getByTestId('badge'),
    seen: () => part('label')!,
    spoken: () => part('announcement')!,
    lease: (ttl = 60_000, activity: Typist['activity'] = 'typing', since = 1) =>
      act(() => harness.transport.lease(ANN, { id: 'ann' }, { ttl, activity, since })),
  }
}

describe('what is seen', () => {
  test('the root is always there, with its state', () => {
    const { root, lease } = setUp()
    expect(root()).toHaveAttribute('data-typing-badge')
    expect(root()).toHaveAttribute('data-variant', 'text')
    expect(root()).toHaveAttribute('data-state', 'idle')
    expect(root()).toHaveTextContent('')
    lease()
    expect(root()).toHaveAttribute('data-state', 'typing')
  })

  test('one-to-one: the other party, never a name; it is hidden from screen readers', () => {
    const { seen, lease } = setUp()
    lease()
    expect(seen()).toHaveTextContent(SENTENCE)
    expect(seen()).toHaveAttribute('aria-hidden', 'true')
  })

  test('the last sentence stays while it fades, 150 ms, and is then gone', () => {
    const { root, seen, lease } = setUp()
    lease()
    lease(0)
    expect(root()).toHaveAttribute('data-state', 'idle')
    expect(seen()).toHaveTextContent(SENTENCE)
    pass(149)
    expect(seen()).toHaveTextContent(SENTENCE)
    pass(1)
    expect(seen()).toBeEmptyDOMElement()
    lease()
    expect(seen()).toHaveTextContent(SENTENCE)
  })

  test('who types again while it fades is not cut off', () => {
    const { seen, lease } = setUp()
    lease()
    lease(0)
    pass(100)
    lease(60_000, 'recording', 2)
    pass(100)
    expect(seen()).toHaveTextContent('The other party is recording a voice message…')
  })

  test('a group has names', () => {
    const { seen } = setUp({ conversation: undefined, typists: [typist('Ada'), typist('Grace')], total: 5 } as never)
    expect(seen().textContent.replace(/[\u2068\u2069]/g, '')).toBe('Ada, Grace and 3 others are typing…')
  })

  test('typists of one’s own need no provider, and are counted', () => {
    const { container } = render(<TypingBadge typists={[typist('Ada')]} />)
    expect(container.querySelector('[data-part="label"]')?.textContent).toBe('\u2068Ada\u2069 is typing…')
  })

  test('a conversation needs one', () => {
    quietly(() => expect(() => render(<TypingBadge conversation={{ user: 'ann' }} />)).toThrow(/OnlineMessageProvider/))
  })

  test('the provider’s locale gives words and language', () => {
    const { root, seen, lease } = setUp({}, { locale: zhCN })
    lease()
    expect(root()).toHaveAttribute('lang', 'zh-CN')
    expect(seen()).toHaveTextContent('对方正在输入…')
  })

  test('without a locale it is English, and says so', () => {
    expect(setUp().root()).toHaveAttribute('lang', 'en')
  })

  test('words of an app’s own may be in any language: without a locale it claims none', () => {
    expect(setUp({ format: () => 'Ada schrijft' }).root()).not.toHaveAttribute('lang')
  })

  test('its own direction is that of its words, also without the style sheet', () => {
    expect(setUp().seen()).toHaveStyle({ unicodeBidi: 'plaintext' })
  })

  test('`format` makes the sentence', () => {
    const format = vi.fn(
      ({ conversation }: TypingBadgeState, _locale: TypingLocale) => `${conversation?.user ?? ''} is at it`,
    )
    const { seen, spoken, lease } = setUp({ format })
    lease()
    expect(seen()).toHaveTextContent('ann is at it')
    pass(2000)
    expect(spoken()).toHaveTextContent('ann is at it')
    expect(format.mock.lastCall?.[1]).toMatchObject({ tag: 'en-GB' })
  })

  test.each<[string, TypingBadgeProps['children']]>([
    ['a node', <b key="b">dots</b>],
    ['a function of the state', ({ typists }) => <b>dots{typists[0]!.name}</b>],
  ])('`children`, %s, replace what is seen; what is spoken stays', (_, children) => {
    const { seen, spoken, lease } = setUp({ children })
    expect(seen()).toBeEmptyDOMElement()
    lease()
    expect(seen().innerHTML).toBe('<b>dots</b>')
    pass(2000)
    expect(spoken()).toHaveTextContent(SENTENCE)
    lease(0)
    pass(149)
    expect(seen().innerHTML).toBe('<b>dots</b>')
    pass(1)
    expect(seen()).toBeEmptyDOMElement()
    // What an app draws has the page's direction, unless the app says otherwise.
    expect(seen()).not.toHaveAttribute('style')
  })

  test('`children` as a function never see an empty state', () => {
    const children = vi.fn(({ total }: TypingBadgeState) => total)
    const { lease } = setUp({ children })
    lease()
    lease(0)
    pass(150)
    lease(60_000, 'typing', 2)
    expect(new Set(children.mock.results.map(({ value }) => value as unknown))).toEqual(new Set([1]))
  })

  test('className, style, ref and the rest go to the root', () => {
    const ref = createRef<HTMLSpanElement>()
    const { root } = setUp({ className: 'mine', style: { color: 'red' }, title: 'x', ref } as never)
    expect(ref.current).toBe(root())
    expect(root()).toHaveClass('mine')
    expect(root()).toHaveStyle({ color: 'rgb(255, 0, 0)' })
    expect(root()).toHaveAttribute('title', 'x')
  })

  test('no conversation is chosen: it keeps its place', () => {
    const { root, transport } = setUp({ conversation: null })
    expect(root()).toHaveAttribute('data-state', 'idle')
    expect(transport.listening()).toEqual([])
  })
})

describe('what is spoken', () => {
  test('the live region is there before its text, atomic and unseen even without the style sheet', () => {
    const { spoken } = setUp()
    expect(screen.getByRole('status')).toBe(spoken())
    expect(spoken()).toBeEmptyDOMElement()
    expect(spoken()).toHaveAttribute('aria-atomic', 'true')
    expect(spoken()).toHaveStyle({ position: 'absolute', scale: '0' })
  })

  test('only a sentence that has held still for 2 s', () => {
    const { spoken, lease } = setUp()
    lease()
    pass(1900)
    lease(60_000, 'recording')
    pass(1999)
    expect(spoken()).toBeEmptyDOMElement()
    pass(1)
    expect(spoken()).toHaveTextContent('The other party is recording a voice message…')
  })

  test('once per session, and never that somebody stopped', () => {
    const { spoken, lease } = setUp()
    lease()
    pass(2000)
    expect(spoken()).toHaveTextContent(SENTENCE)
    lease(60_000, 'recording')
    pass(5000)
    expect(spoken()).toBeEmptyDOMElement()
    lease()
    pass(5000)
    expect(spoken()).toBeEmptyDOMElement()
    lease(0)
    pass(5000)
    expect(spoken()).toBeEmptyDOMElement()
    lease(60_000, 'typing', 2)
    pass(2000)
    expect(spoken()).toHaveTextContent(SENTENCE)
  })

  test('who stops before 2 s is not spoken of', () => {
    const { spoken, lease } = setUp()
    lease()
    pass(1500)
    lease(0)
    pass(5000)
    expect(spoken()).toBeEmptyDOMElement()
  })

  test('R2: a renewal does not put it off', () => {
    const { spoken, lease } = setUp()
    lease()
    pass(1500)
    lease()
    pass(500)
    expect(spoken()).toHaveTextContent(SENTENCE)
  })

  test('`announce={false}` has no live region', () => {
    setUp({ announce: false })
    expect(screen.queryByRole('status')).toBeNull()
  })
})

test.each([false, true])('nothing is left after unmount (StrictMode: %s)', (strict) => {
  const { lease, unmount, expectNothingLeft, transport, spoken } = setUp({}, { strict })
  expect(transport.listening()).toEqual(['ann'])
  lease()
  pass(2000)
  expect(spoken()).toHaveTextContent(SENTENCE)
  lease(0)
  lease(60_000, 'typing', 2)
  lease(0, 'typing', 2)
  unmount()
  expectNothingLeft()
})
