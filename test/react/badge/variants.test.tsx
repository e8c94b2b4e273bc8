import { act, fireEvent, render } from '@testing-library/react'
import { Profiler } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  type Activity,
  OnlineMessageProvider,
  TypingBadge,
  type TypingBadgeProps,
  type TypingLocale,
  type Typist,
} from '../../../src/index.ts'
import { zhCN } from '../../../src/locales/zh-cn.ts'
import { createHarness } from '../../support/react/harness.tsx'

type Variant = NonNullable<TypingBadgeProps['variant']>

const VARIANTS: readonly Variant[] = ['text', 'dots', 'bubble', 'avatars']
const DRAWN = VARIANTS.filter((variant) => variant !== 'text')
const ACTIVITIES: readonly Activity[] = ['typing', 'recording', 'photo', 'video', 'file', 'sticker', 'thinking']

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})
const pass = (ms: number) =>
  act(() => {
    vi.advanceTimersByTime(ms)
  })

let ids = 0
const typist = (name?: string, more: Partial<Typist> = {}): Typist => ({
  id: `typist ${++ids}`,
  name,
  activity: 'typing',
  since: 1,
  ...more,
})
const ada = typist('Ada', { avatar: 'https://example.com/ada.png' })
const grace = typist('Grace')

interface Shown {
  readonly typists: readonly Typist[]
  readonly total?: number
}

function show(variant: Variant, first: Shown, props: Partial<TypingBadgeProps> = {}, locale?: TypingLocale) {
  const { client } = createHarness()
  const badge = (shown: Shown) => (
    <OnlineMessageProvider client={client} locale={locale}>
      <TypingBadge {...({ variant, ...props, ...shown } as TypingBadgeProps)} />
    </OnlineMessageProvider>
  )
  const view = render(badge(first))
  const root = view.container.firstElementChild!
  const parts = (name: string) => Array.from(root.querySelectorAll(`[data-part="${name}"]`))
  return {
    ...view,
    root,
    parts,
    seen: parts('label')[0]!,
    spoken: parts('announcement')[0]!,
    shows: (shown: Shown) => view.rerender(badge(shown)),
  }
}

describe.each(VARIANTS)('%s', (variant) => {
  test('the root says which it is, and is there while nobody types', () => {
    const { root, seen } = show(variant, { typists: [] })
    expect(root).toHaveAttribute('data-variant', variant)
    expect(root).toHaveAttribute('data-state', 'idle')
    expect(root).toHaveAttribute('data-activity', 'typing')
    expect(seen).toBeEmptyDOMElement()
  })

  test('what is seen is hidden from screen readers, and the sentence is spoken', () => {
    const { root, seen, spoken } = show(variant, { typists: [grace] })
    expect(root).toHaveAttribute('data-state', 'typing')
    expect(seen).toHaveAttribute('aria-hidden', 'true')
    pass(2000)
    expect(spoken).toHaveTextContent('\u2068Grace\u2069 is typing…')
  })

  test.each(ACTIVITIES)('the root says what is going on: %s', (activity) => {
    expect(show(variant, { typists: [typist('Ada', { activity })] }).root).toHaveAttribute('data-activity', activity)
  })

  test('different things at once are typing', () => {
    const typists = [typist('Ada', { activity: 'photo' }), typist('Grace', { activity: 'recording' })]
    expect(show(variant, { typists }).root).toHaveAttribute('data-activity', 'typing')
  })

  test('many of whom none is named are typing', () => {
    expect(show(variant, { typists: [], total: 7 }).root).toHaveAttribute('data-activity', 'typing')
  })

  test('what is seen stays as it was while it fades, 150 ms, and is then gone', () => {
    const recording = {
      typists: [typist('Ada', { activity: 'recording' }), typist('Grace', { activity: 'recording' })],
    }
    const { root, seen, shows } = show(variant, recording)
    const before = seen.innerHTML
    expect(before).not.toBe('')
    shows({ typists: [] })
    expect(root).toHaveAttribute('data-state', 'idle')
    expect(root).toHaveAttribute('data-activity', 'recording')
    pass(149)
    expect(seen.innerHTML).toBe(before)
    pass(1)
    // Nothing is animated any more.
    expect(seen).toBeEmptyDOMElement()
    expect(root).toHaveAttribute('data-activity', 'typing')
  })

  test('who types again while it fades is not cut off', () => {
    const { root, seen, shows } = show(variant, { typists: [ada] })
    shows({ typists: [] })
    pass(100)
    shows({ typists: [grace] })
    const { innerHTML } = seen
    pass(1000)
    expect(root).toHaveAttribute('data-state', 'typing')
    expect(seen.innerHTML).toBe(innerHTML)
    expect(innerHTML).not.toBe('')
  })

  test('typists in an array made anew by each render cost one commit each time', () => {
    const commits = vi.fn()
    const badge = () => (
      <Profiler id="badge" onRender={commits}>
        <TypingBadge variant={variant} typists={[{ ...ada }]} />
      </Profiler>
    )
    const { rerender } = render(badge())
    expect(commits).toHaveBeenCalledTimes(1)
    rerender(badge())
    expect(commits).toHaveBeenCalledTimes(2)
    pass(5000)
    expect(commits).toHaveBeenCalledTimes(2)
  })

  test('one event is one commit, and the end of the fade another; R2: a renewal is none', () => {
    const { transport, show: mount } = createHarness()
    const commits = vi.fn()
    const lease = (ttl: number) => act(() => transport.lease({ group: 'team' }, { id: 'ada', name: 'Ada' }, { ttl }))
    mount(
      <Profiler id="badge" onRender={commits}>
        <TypingBadge variant={variant} conversation={{ group: 'team' }} />
      </Profiler>,
    )
    commits.mockClear()
    lease(60_000)
    expect(commits).toHaveBeenCalledTimes(1)
    pass(2500)
    lease(60_000)
    pass(2500)
    expect(commits).toHaveBeenCalledTimes(1)
    lease(0)
    expect(commits).toHaveBeenCalledTimes(2)
    pass(5000)
    expect(commits).toHaveBeenCalledTimes(3)
  })
})

test.each(DRAWN)('`children` replace what %s draws', (variant) => {
  const { seen } = show(variant, { typists: [ada] }, { children: <b>busy</b> })
  expect(seen.innerHTML).toBe('<b>busy</b>')
})

test.each(DRAWN)('%s has three dots, which without the style sheet are full stops', (variant) => {
  const { parts } = show(variant, { typists: [ada] })
  expect(parts('dots')[0]!.children).toHaveLength(3)
  expect(parts('dots')[0]).toHaveTextContent('...')
})

test('a text has none', () => {
  expect(show('text', { typists: [ada] }).parts('dots')).toEqual([])
})

test('every variant made on a server is taken over without a warning', async () => {
  const page = VARIANTS.map((variant) => (
    <TypingBadge key={variant} variant={variant} typists={[ada, grace, typist('नील'), typist('🇳🇱')]} />
  ))
  const error = vi.spyOn(console, 'error')
  const container = document.createElement('div')
  container.innerHTML = renderToString(page)
  const made = container.innerHTML
  expect(container.querySelectorAll('[data-state=typing]')).toHaveLength(VARIANTS.length)
  const root = await act(() => hydrateRoot(container, page))
  expect(container.innerHTML).toBe(made)
  expect(error).not.toHaveBeenCalled()
  act(() => root.unmount())
  error.mockRestore()
})

describe('avatars', () => {
  test('a picture lies over the initial, tells the address of the page to nobody and is not read', () => {
    const { parts, container } = show('avatars', { typists: [ada] })
    const image = container.querySelector('img')!
    expect(parts('avatar')[0]).toHaveTextContent('A')
    expect(parts('avatar')[0]).toContainElement(image)
    expect(image).toHaveAttribute('src', 'https://example.com/ada.png')
    expect(image).toHaveAttribute('alt', '')
    expect(image).toHaveAttribute('referrerpolicy', 'no-referrer')
  })

  test('without the style sheet a picture is small', () => {
    const image = show('avatars', { typists: [ada] }).container.querySelector('img')
    expect(image).toHaveAttribute('width', '24')
    expect(image).toHaveAttribute('height', '24')
  })

  test('a broken picture leaves the initial; another of the same person’s is tried', () => {
    const { container, parts, shows } = show('avatars', { typists: [ada] })
    fireEvent.error(container.querySelector('img')!)
    expect(container.querySelector('img')).not.toBeVisible()
    expect(parts('avatar')[0]).toHaveTextContent('A')
    shows({ typists: [{ ...ada, avatar: 'https://example.com/ada-2.png' }] })
    expect(container.querySelector('img')).toBeVisible()
    shows({ typists: [{ ...ada, avatar: undefined }] })
    expect(container.querySelector('img')).toBeNull()
  })

  test('a picture that is there is not loaded again when somebody joins', () => {
    const { container, shows } = show('avatars', { typists: [ada] })
    const image = container.querySelector('img')
    shows({ typists: [{ ...ada }, grace], total: 9 })
    expect(container.querySelector('img')).toBe(image)
  })

  test('the order is the typists’ own; up to three, and the others are counted', () => {
    const names = ['Barbara', 'Ada', 'Grace', 'Edsger', 'Tony']
    const { parts } = show('avatars', { typists: names.map((name) => typist(name)) })
    expect(parts('avatar').map((avatar) => avatar.textContent)).toEqual(['B', 'A', 'G'])
    expect(parts('more').map((more) => more.textContent)).toEqual(['+2'])
  })

  test('three are not counted', () => {
    const typists = ['Ada', 'Grace', 'Edsger'].map((name) => typist(name))
    expect(show('avatars', { typists }).parts('more')).toEqual([])
  })

  test.each<[string, TypingLocale | undefined, string]>([
    ['English', undefined, '+1,233'],
    ['Chinese', zhCN, '+1,233'],
    ['Dutch', { ...zhCN, tag: 'nl' }, '+1.233'],
  ])('a total is of people who are not all named, and written as in the language: %s', (_, locale, more) => {
    const { parts } = show('avatars', { typists: [ada], total: 1234 }, {}, locale)
    expect(parts('avatar')).toHaveLength(1)
    expect(parts('more').map((part) => part.textContent)).toEqual([more])
  })

  test.each([
    ['Ada', 'A'],
    ['  ada', 'a'],
    ['小明', '小'],
    ['ليلى', 'ل'],
    ['3', '3'],
    ['@ada', 'a'],
    ['“Ada”', 'A'],
    ['\u200FAda', 'A'],
    ['E\u0301mile', 'E\u0301'],
    ['नील', 'नी'],
    ['🇳🇱 Edsger', '🇳🇱'],
    ['👩🏽‍🔬 Rosalind', '👩🏽‍🔬'],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    ['❤️', '❤️'],
    ['€', '€'],
    ['…', ''],
    ['   ', ''],
    [undefined, ''],
  ])('the initial of %j is %j', (name, initial) => {
    const { parts } = show('avatars', { typists: [typist(name)] })
    expect(parts('avatar').map((avatar) => avatar.textContent)).toEqual([initial])
  })

  test('who has neither name nor picture is an empty disc, for the style sheet to draw', () => {
    expect(show('avatars', { typists: [typist()] }).parts('avatar')[0]).toBeEmptyDOMElement()
  })
})
