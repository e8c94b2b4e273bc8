import { act, fireEvent, render } from '@testing-library/react'
import { Profiler } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { describe, expect, test, vi } from 'vitest'
import {
  type Activity,
  OnlineMessageProvider,
  TypingBadge,
  type TypingBadgeProps,
  type TypingLocale,
  type Typist,
} from '../../../src/index.ts'
import { zhCN } from '../../../src/locales/zh-cn.ts'
import { createHarness, pass, withFakeClock } from '../../support/react/harness.tsx'

type Variant = NonNullable<TypingBadgeProps['variant']>

const VARIANTS: readonly Variant[] = ['text', 'dots', 'bubble', 'avatars']
const DRAWN = VARIANTS.filter((variant) => variant !== 'text')
const ACTIVITIES: readonly Activity[] = ['typing', 'recording', 'photo', 'video', 'file', 'sticker', 'thinking']

withFakeClock()

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
    label: parts('label')[0]!,
    announcement: parts('announcement')[0]!,
    shows: (shown: Shown) => view.rerender(badge(shown)),
  }
}

describe.each(VARIANTS)('%s', (variant) => {
  test('the root has the variant’s name, and is there while nobody is typing', () => {
    const { root, label } = show(variant, { typists: [] })
    expect(root).toHaveAttribute('data-variant', variant)
    expect(root).toHaveAttribute('data-state', 'idle')
    expect(root).toHaveAttribute('data-activity', 'typing')
    expect(label).toBeEmptyDOMElement()
  })

  test('the label is hidden from screen readers, and the sentence is announced', () => {
    const { root, label, announcement } = show(variant, { typists: [grace] })
    expect(root).toHaveAttribute('data-state', 'typing')
    expect(label).toHaveAttribute('aria-hidden', 'true')
    pass(2000)
    expect(announcement).toHaveTextContent('\u2068Grace\u2069 is typing…')
  })

  test.each(ACTIVITIES)('the root has the activity: %s', (activity) => {
    expect(show(variant, { typists: [typist('Ada', { activity })] }).root).toHaveAttribute('data-activity', activity)
  })

  test('different activities at once count as typing', () => {
    const typists = [typist('Ada', { activity: 'photo' }), typist('Grace', { activity: 'recording' })]
    expect(show(variant, { typists }).root).toHaveAttribute('data-activity', 'typing')
  })

  test('many typists without any name count as typing', () => {
    expect(show(variant, { typists: [], total: 7 }).root).toHaveAttribute('data-activity', 'typing')
  })

  test('the label stays as it was for the 150 ms of the fade, and is then empty', () => {
    const recording = {
      typists: [typist('Ada', { activity: 'recording' }), typist('Grace', { activity: 'recording' })],
    }
    const { root, label, shows } = show(variant, recording)
    const before = label.innerHTML
    expect(before).not.toBe('')
    shows({ typists: [] })
    expect(root).toHaveAttribute('data-state', 'idle')
    expect(root).toHaveAttribute('data-activity', 'recording')
    pass(149)
    expect(label.innerHTML).toBe(before)
    pass(1)
    // Nothing is left to animate.
    expect(label).toBeEmptyDOMElement()
    expect(root).toHaveAttribute('data-activity', 'typing')
  })

  test('typing that begins again during the fade is not cut off', () => {
    const { root, label, shows } = show(variant, { typists: [ada] })
    shows({ typists: [] })
    pass(100)
    shows({ typists: [grace] })
    const { innerHTML } = label
    pass(1000)
    expect(root).toHaveAttribute('data-state', 'typing')
    expect(label.innerHTML).toBe(innerHTML)
    expect(innerHTML).not.toBe('')
  })

  test('a new array of typists in each render costs one commit per render', () => {
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

  test('R2: a start is one commit, a stop one, the end of the fade one, and a renewal none', () => {
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
  const { label } = show(variant, { typists: [ada] }, { children: <b>busy</b> })
  expect(label.innerHTML).toBe('<b>busy</b>')
})

test.each(DRAWN)('%s has three dots, which are full stops without the style sheet', (variant) => {
  const { parts } = show(variant, { typists: [ada] })
  expect(parts('dots')[0]!.children).toHaveLength(3)
  expect(parts('dots')[0]).toHaveTextContent('...')
})

test.each(VARIANTS.filter((variant) => variant !== 'avatars'))('%s has no pictures and no number', (variant) => {
  const { parts, container } = show(variant, { typists: [ada, grace], total: 9 })
  expect(parts('avatar')).toEqual([])
  expect(parts('more')).toEqual([])
  expect(container.querySelector('img')).toBeNull()
})

test('text has no dots', () => {
  expect(show('text', { typists: [ada] }).parts('dots')).toEqual([])
})

test('every variant rendered on a server is hydrated without a warning', async () => {
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
  test('a picture lies over the initial, sends no referrer and is hidden from screen readers', () => {
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

  test('a broken picture leaves the initial, and a new picture of the same person is tried', () => {
    const { container, parts, shows } = show('avatars', { typists: [ada] })
    fireEvent.error(container.querySelector('img')!)
    expect(container.querySelector('img')).not.toBeVisible()
    expect(parts('avatar')[0]).toHaveTextContent('A')
    shows({ typists: [{ ...ada, avatar: 'https://example.com/ada-2.png' }] })
    expect(container.querySelector('img')).toBeVisible()
    shows({ typists: [{ ...ada, avatar: undefined }] })
    expect(container.querySelector('img')).toBeNull()
  })

  test('a loaded picture is not loaded again when somebody else begins to type', () => {
    const { container, shows } = show('avatars', { typists: [ada] })
    const image = container.querySelector('img')
    shows({ typists: [{ ...ada }, grace], total: 9 })
    expect(container.querySelector('img')).toBe(image)
  })

  test('the first three typists have a picture, in their own order, and the others are counted', () => {
    const names = ['Barbara', 'Ada', 'Grace', 'Edsger', 'Tony']
    const { parts } = show('avatars', { typists: names.map((name) => typist(name)) })
    expect(parts('avatar').map((avatar) => avatar.textContent)).toEqual(['B', 'A', 'G'])
    expect(parts('more').map((more) => more.textContent)).toEqual(['+2'])
  })

  test('no number with three typists', () => {
    const typists = ['Ada', 'Grace', 'Edsger'].map((name) => typist(name))
    expect(show('avatars', { typists }).parts('more')).toEqual([])
  })

  test.each<[string, TypingLocale | undefined, string]>([
    ['English', undefined, '+1,233'],
    ['Chinese', zhCN, '+1,233'],
    ['Dutch', { ...zhCN, tag: 'nl' }, '+1.233'],
  ])('the number counts typists without a name too, and is written as in the language: %s', (_, locale, more) => {
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
    ['\u3164', ''],
    ['\u2800 \uFFA0', ''],
    ['\u115F\u200B\u2060Ada', 'A'],
    [undefined, ''],
  ])('the initial of %j is %j', (name, initial) => {
    const { parts } = show('avatars', { typists: [typist(name)] })
    expect(parts('avatar').map((avatar) => avatar.textContent)).toEqual([initial])
  })

  test('a typist without name and picture is an empty disc, which the style sheet draws', () => {
    expect(show('avatars', { typists: [typist()] }).parts('avatar')[0]).toBeEmptyDOMElement()
  })
})
