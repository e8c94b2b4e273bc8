import { act, render, screen } from '@testing-library/react'
import { createRef } from 'react'
import { describe, expect, test, vi } from 'vitest'
import {
  type Conversation,
  formatTyping,
  TypingBadge,
  type TypingBadgeProps,
  type TypingBadgeState,
  type TypingLocale,
  type Typist,
} from '../../../src/index.ts'
import { zhCN } from '../../../src/locales/zh-cn.ts'
import { createHarness, pass, quietly, withFakeClock } from '../../support/react/harness.tsx'

withFakeClock()

const ANN: Conversation = { user: 'ann' }
const SENTENCE = 'The other party is typing…'

const typist = (name: string): Typist => ({ id: name, name, activity: 'typing', since: 1 })

/** The same array in two states. */
const ADA_ALONE = [typist('Ada')]

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
    label: () => part('label')!,
    announcement: () => part('announcement')!,
    lease: (ttl = 60_000, activity: Typist['activity'] = 'typing', since = 1) =>
      act(() => harness.transport.lease(ANN, { id: 'ann' }, { ttl, activity, since })),
  }
}

describe('the label', () => {
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
    const { label, lease } = setUp()
    lease()
    expect(label()).toHaveTextContent(SENTENCE)
    expect(label()).toHaveAttribute('aria-hidden', 'true')
  })

  test('the last sentence stays for the 150 ms of the fade, and is then gone', () => {
    const { root, label, lease } = setUp()
    lease()
    lease(0)
    expect(root()).toHaveAttribute('data-state', 'idle')
    expect(label()).toHaveTextContent(SENTENCE)
    pass(149)
    expect(label()).toHaveTextContent(SENTENCE)
    pass(1)
    expect(label()).toBeEmptyDOMElement()
    lease()
    expect(label()).toHaveTextContent(SENTENCE)
  })

  test('typing that begins again during the fade is not cut off', () => {
    const { label, lease } = setUp()
    lease()
    lease(0)
    pass(100)
    lease(60_000, 'recording', 2)
    pass(100)
    expect(label()).toHaveTextContent('The other party is recording a voice message…')
  })

  test.each([
    [
      'other people',
      { typists: [typist('Ada')], total: 3 },
      { typists: [typist('Grace')], total: 3 },
      'Grace and 2 others',
    ],
    ['more people', { typists: ADA_ALONE, total: 3 }, { typists: ADA_ALONE, total: 4 }, 'Ada and 3 others'],
  ] as const)('the fade shows the last state: %s', (_, before, after, names) => {
    const { container, rerender } = render(<TypingBadge {...before} />)
    rerender(<TypingBadge {...after} />)
    rerender(<TypingBadge typists={[]} total={0} />)
    const label = container.querySelector('[data-part=label]')!
    expect(label.textContent.replace(/[\u2068\u2069]/g, '')).toBe(`${names} are typing…`)
  })

  test('a group has names', () => {
    const { label } = setUp({ conversation: undefined, typists: [typist('Ada'), typist('Grace')], total: 5 } as never)
    expect(label().textContent.replace(/[\u2068\u2069]/g, '')).toBe('Ada, Grace and 3 others are typing…')
  })

  test('each name is an element of its own, which does not decide the direction of the sentence', () => {
    const { container } = render(<TypingBadge typists={[typist('ليلى'), typist('Ada')]} />)
    const names = Array.from(container.querySelectorAll('[data-part="sentence"] > [data-part="name"]'))
    expect(names.map(({ localName, textContent }) => [localName, textContent])).toEqual([
      ['bdi', 'ليلى'],
      ['bdi', 'Ada'],
    ])
  })

  test('so is each name in a `format` that uses `formatTyping`', () => {
    const format: TypingBadgeProps['format'] = (state, locale) => `✎ ${formatTyping(state, locale)}`
    const { container } = render(<TypingBadge typists={[typist('Ada')]} format={format} />)
    expect(container.querySelector('[data-part="sentence"]')?.innerHTML).toBe(
      '✎ <bdi data-part="name">Ada</bdi> is typing…',
    )
  })

  test('`typists` need no provider, and are counted', () => {
    const { container } = render(<TypingBadge typists={[typist('Ada')]} />)
    expect(container.querySelector('[data-part="label"]')?.textContent).toBe('Ada is typing…')
  })

  test('`conversation` needs a provider', () => {
    quietly(() => expect(() => render(<TypingBadge conversation={{ user: 'ann' }} />)).toThrow(/OnlineMessageProvider/))
  })

  test('the provider’s locale decides the words and `lang`', () => {
    const { root, label, lease } = setUp({}, { locale: zhCN })
    lease()
    expect(root()).toHaveAttribute('lang', 'zh-CN')
    expect(label()).toHaveTextContent('对方正在输入…')
  })

  test('without a locale it is English, and so is `lang`', () => {
    expect(setUp().root()).toHaveAttribute('lang', 'en')
  })

  test('with a `format` and no locale there is no `lang`: the app’s words may be in any language', () => {
    expect(setUp({ format: () => 'Ada schrijft' }).root()).not.toHaveAttribute('lang')
  })

  test('its direction is that of its words, also without the style sheet', () => {
    const { label, lease } = setUp()
    lease()
    expect(label().firstElementChild).toHaveAttribute('dir', 'auto')
    expect(label().firstElementChild).toHaveTextContent(SENTENCE)
  })

  test('`format` makes the sentence', () => {
    const format = vi.fn(
      ({ conversation }: TypingBadgeState, _locale: TypingLocale) => `${conversation?.user ?? ''} is at it`,
    )
    const { label, announcement, lease } = setUp({ format })
    lease()
    expect(label()).toHaveTextContent('ann is at it')
    pass(2000)
    expect(announcement()).toHaveTextContent('ann is at it')
    expect(format.mock.lastCall?.[1]).toMatchObject({ tag: 'en-GB' })
  })

  test.each<[string, TypingBadgeProps['children']]>([
    ['a node', <b key="b">dots</b>],
    ['a function of the state', ({ typists }) => <b>dots{typists[0]!.name}</b>],
  ])('`children`, %s, replace the label’s content and not the announcement', (_, children) => {
    const { label, announcement, lease } = setUp({ children })
    expect(label()).toBeEmptyDOMElement()
    lease()
    expect(label().innerHTML).toBe('<b>dots</b>')
    pass(2000)
    expect(announcement()).toHaveTextContent(SENTENCE)
    lease(0)
    pass(149)
    expect(label().innerHTML).toBe('<b>dots</b>')
    pass(1)
    expect(label()).toBeEmptyDOMElement()
    // What an app draws has the page's direction, unless the app says otherwise.
    expect(label()).not.toHaveAttribute('style')
  })

  test('`children` as a function are never called with an empty state', () => {
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

  test('without a conversation it keeps its place', () => {
    const { root, transport } = setUp({ conversation: null })
    expect(root()).toHaveAttribute('data-state', 'idle')
    expect(transport.subscribedConversations()).toEqual([])
  })
})

describe('the announcement', () => {
  test('the live region is there before its text, atomic, and hidden even without the style sheet', () => {
    const { announcement, lease } = setUp()
    expect(screen.getByRole('status')).toBe(announcement())
    expect(announcement()).toBeEmptyDOMElement()
    expect(announcement()).toHaveAttribute('aria-atomic', 'true')
    lease()
    pass(2000)
    expect(announcement()).toHaveTextContent(SENTENCE)
    expect(announcement()).toHaveStyle({ position: 'absolute', transform: 'scale(0)' })
  })

  test('only a sentence that has not changed for 2 s is announced', () => {
    const { announcement, lease } = setUp()
    lease()
    pass(1900)
    lease(60_000, 'recording')
    pass(1999)
    expect(announcement()).toBeEmptyDOMElement()
    pass(1)
    expect(announcement()).toHaveTextContent('The other party is recording a voice message…')
  })

  test('it comes once while somebody is typing, and never says that somebody stopped', () => {
    const { announcement, lease } = setUp()
    lease()
    pass(2000)
    expect(announcement()).toHaveTextContent(SENTENCE)
    lease(60_000, 'recording')
    pass(5000)
    expect(announcement()).toBeEmptyDOMElement()
    lease()
    pass(5000)
    expect(announcement()).toBeEmptyDOMElement()
    lease(0)
    pass(5000)
    expect(announcement()).toBeEmptyDOMElement()
    lease(60_000, 'typing', 2)
    pass(2000)
    expect(announcement()).toHaveTextContent(SENTENCE)
  })

  test('typing that stops within 2 s is not announced', () => {
    const { announcement, lease } = setUp()
    lease()
    pass(1500)
    lease(0)
    pass(5000)
    expect(announcement()).toBeEmptyDOMElement()
  })

  test('R2: a renewal does not delay it', () => {
    const { announcement, lease } = setUp()
    lease()
    pass(1500)
    lease()
    pass(500)
    expect(announcement()).toHaveTextContent(SENTENCE)
  })

  test('`announce={false}` has no live region', () => {
    setUp({ announce: false })
    expect(screen.queryByRole('status')).toBeNull()
  })
})

describe('what screen readers find without an announcement', () => {
  test('the sentence is read, and is no live region', () => {
    const { label, root, lease } = setUp({ announce: false })
    expect(label()).toHaveAttribute('aria-hidden', 'true')
    lease()
    expect(label()).not.toHaveAttribute('aria-hidden')
    expect(label()).toHaveTextContent(SENTENCE)
    expect(label()).not.toHaveAttribute('role')
    expect(root().querySelector('[aria-live], [role=status]')).toBeNull()
  })

  test.each<[string, Partial<TypingBadgeProps>]>([
    ['dots', { variant: 'dots' }],
    ['bubble', { variant: 'bubble' }],
    ['avatars', { variant: 'avatars' }],
    ['what an app draws', { children: <b>✎</b> }],
  ])('%s: a picture whose name is the sentence', (_, props) => {
    const { label, lease } = setUp({ announce: false, ...props })
    expect(screen.queryByRole('img')).toBeNull()
    lease()
    expect(screen.getByRole('img', { name: SENTENCE })).toBe(label())
  })

  test.each(['text', 'dots'] as const)('%s: nothing while it fades, since nobody is typing any more', (variant) => {
    const { label, lease } = setUp({ announce: false, variant })
    lease()
    lease(0)
    expect(label()).not.toBeEmptyDOMElement()
    expect(label()).toHaveAttribute('aria-hidden', 'true')
    expect(screen.queryByRole('img')).toBeNull()
  })

  test('with an announcement, the label has no role and no name beside it', () => {
    const { label, lease } = setUp({ variant: 'dots' })
    lease()
    expect(label()).toHaveAttribute('aria-hidden', 'true')
    expect(label()).not.toHaveAttribute('role')
    expect(label()).not.toHaveAttribute('aria-label')
  })
})

describe('R7: what is shown belongs to the conversation that is shown', () => {
  const TEAM: Conversation = { group: 'team' }

  function setUpTwo(variant?: TypingBadgeProps['variant']) {
    const harness = createHarness()
    const badge = (conversation: Conversation | null) => <TypingBadge conversation={conversation} variant={variant} />
    const view = harness.show(badge(ANN))
    const part = (name: string) => view.container.querySelector(`[data-part="${name}"]`)!
    return {
      ...view,
      label: () => part('label'),
      announcement: () => part('announcement'),
      open: (conversation: Conversation | null) => view.rerender(badge(conversation)),
      lease: (conversation: Conversation, id: string, ttl = 60_000) =>
        act(() => harness.transport.lease(conversation, { id, name: id }, { ttl })),
    }
  }

  test.each(['text', 'dots', 'avatars'] as const)(
    'another conversation: nothing of the one before fades: %s',
    (variant) => {
      const { label, open, lease } = setUpTwo(variant)
      lease(ANN, 'ann')
      expect(label()).not.toBeEmptyDOMElement()
      open(TEAM)
      expect(label()).toBeEmptyDOMElement()
    },
  )

  test.each<[string, Conversation | null]>([
    ['another conversation', TEAM],
    ['another thread of it', { user: 'ann', thread: 'lunch' }],
    ['no conversation', null],
  ])('%s chosen during the fade: the fade ends at once', (_, conversation) => {
    const { label, open, lease } = setUpTwo()
    lease(ANN, 'ann')
    lease(ANN, 'ann', 0)
    expect(label()).toHaveTextContent(SENTENCE)
    open(conversation)
    expect(label()).toBeEmptyDOMElement()
  })

  test('a new object for the same conversation ends no fade', () => {
    const { label, open, lease } = setUpTwo()
    lease(ANN, 'ann')
    lease(ANN, 'ann', 0)
    open({ ...ANN })
    expect(label()).toHaveTextContent(SENTENCE)
  })

  test('a sentence of the conversation before is not announced, and stays in no live region', () => {
    const { announcement, open, lease } = setUpTwo()
    lease(ANN, 'ann')
    pass(1900)
    open(TEAM)
    pass(5000)
    expect(announcement()).toBeEmptyDOMElement()
    open(ANN)
    lease(ANN, 'ann')
    pass(2000)
    expect(announcement()).toHaveTextContent(SENTENCE)
    open(TEAM)
    expect(announcement()).toBeEmptyDOMElement()
  })

  test('whoever types in the new conversation is announced, although somebody was in the one before', () => {
    const { announcement, open, lease } = setUpTwo()
    lease(ANN, 'ann')
    pass(2000)
    open(TEAM)
    lease(TEAM, 'Grace')
    pass(2000)
    expect(announcement()).toHaveTextContent('\u2068Grace\u2069 is typing…')
  })

  test('typists of its own, with another `key`: nothing of the one before fades', () => {
    const badge = (conversation: string, typists: Typist[]) => <TypingBadge key={conversation} typists={typists} />
    const { container, rerender } = render(badge('ann', [typist('Ann')]))
    rerender(badge('team', []))
    expect(container.querySelector('[data-part="label"]')).toBeEmptyDOMElement()
  })
})

test.each([false, true])('nothing is left after unmount (StrictMode: %s)', (strict) => {
  const { lease, unmount, expectNothingLeft, transport, announcement } = setUp({}, { strict })
  expect(transport.subscribedConversations()).toEqual(['ann'])
  lease()
  pass(2000)
  expect(announcement()).toHaveTextContent(SENTENCE)
  lease(0)
  lease(60_000, 'typing', 2)
  lease(0, 'typing', 2)
  unmount()
  expectNothingLeft()
})
