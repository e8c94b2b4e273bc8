import { cleanup, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { cdp } from 'vitest/browser'
import {
  type Activity,
  createOnlineMessageClient,
  formatTyping,
  OnlineMessageProvider,
  TypingBadge,
  type TypingBadgeProps,
  type TypingLocale,
  type TypingState,
  type Typist,
} from '../../src/index.ts'
import * as locales from '../../src/locales/index.ts'
import '../../src/react/badge/styles.css'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'

type Variant = NonNullable<TypingBadgeProps['variant']>

const VARIANTS: readonly Variant[] = ['text', 'dots', 'bubble', 'avatars']
const DRAWN = VARIANTS.filter((variant) => variant !== 'text')
const DIRECTIONS = ['ltr', 'rtl'] as const

/** A picture with one colour. */
const PICTURE =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"%3E%3Cpath d="M0 0h1v1z"/%3E%3C/svg%3E'

const typist = (name?: string, activity: Activity = 'typing', avatar?: string): Typist => ({
  id: `${name ?? ''} ${activity}`,
  name,
  activity,
  avatar,
  since: 1,
})
const NOBODY: TypingState = { typists: [], total: 0 }
const ONE: TypingState = { typists: [typist('Ada')], total: 1 }

afterEach(cleanup)

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
/** Two frames: a layout of the first frame is drawn in the second, and counted as a shift there. */
const frames = async () => {
  await frame()
  await frame()
}
const rectOf = (element: Element) => {
  const { x, y, width, height } = element.getBoundingClientRect()
  return { x, y, width, height }
}
const get = (selector: string, inside: ParentNode = document) => {
  const element = inside.querySelector<HTMLElement>(selector)
  if (!element) throw new Error(`There is no ${selector}`)
  return element
}
const all = (selector: string) => Array.from(document.querySelectorAll<HTMLElement>(selector))

/** Emulates a preference of the user, as the browser's developer tools do. */
async function prefers(name: string, value: string) {
  const media = (features: { name: string; value: string }[]) =>
    cdp().send('Emulation.setEmulatedMedia', { features }) as Promise<unknown>
  onTestFinished(async () => {
    await media([])
  })
  await media([{ name, value }])
  await expect.poll(() => matchMedia(`(${name}: ${value})`).matches).toBe(true)
}

/** Adds up the layout shifts that the browser reports from now on. */
function watchShifts() {
  let sum = 0
  const add = (entries: PerformanceEntryList) => {
    for (const entry of entries) sum += (entry as PerformanceEntry & { value: number }).value
  }
  const observer = new PerformanceObserver((list) => add(list.getEntries()))
  observer.observe({ type: 'layout-shift' })
  onTestFinished(() => observer.disconnect())
  return () => {
    add(observer.takeRecords())
    return sum
  }
}

const LONG = 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff'
/** Idle → one → many → idle, with every activity, long names, other scripts and quick changes between. */
const COURSE: readonly (readonly [string, TypingState])[] = [
  ['one', ONE],
  ['two', { typists: [typist('Ada', 'typing', PICTURE), typist('Grace')], total: 2 }],
  ['many', { typists: [typist('Ada'), typist('Grace'), typist('Edsger'), typist('Tony')], total: 12_345 }],
  ['nobody', NOBODY],
  ['long names', { typists: [typist(LONG), typist(LONG.toUpperCase())], total: 3 }],
  ['other scripts', { typists: [typist('ليلى'), typist('小明 ภูมิ नील 🇳🇱')], total: 2 }],
  ['no names', { typists: [typist(), typist(undefined, 'thinking')], total: 2 }],
  ['recording', { typists: [typist('Ada', 'recording')], total: 1 }],
  ['a photo', { typists: [typist('Ada', 'photo')], total: 1 }],
  ['a sticker', { typists: [typist('Ada', 'sticker')], total: 1 }],
  ['thinking', { typists: [typist('Ada', 'thinking')], total: 1 }],
  ['nobody', NOBODY],
]

const LOOKS: Readonly<Record<string, string>> = {
  'a page without styles': '',
  'a page with a reset':
    '*, ::before { box-sizing: border-box; margin: 0; border: 0 solid; padding: 0 } body { line-height: 1.5 }',
  'small and tight': 'body { font: 11px/1.1 serif }',
  'large and loose': 'body { font: 22px/1.9 monospace }',
}

describe.each(Object.entries(LOOKS))('in %s', (_, css) => {
  describe.each(DIRECTIONS)('%s', (dir) => {
    test.each(VARIANTS)('%s: nothing around it moves from idle over one and many back to idle', async (variant) => {
      const page = (state: TypingState): ReactNode => (
        <div dir={dir} style={{ inlineSize: 320 }} data-testid="page">
          <style>{css}</style>
          <p>Last message</p>
          <TypingBadge variant={variant} announce={false} {...state} />
          <p className="beside">Composer</p>
          {variant === 'dots' && (
            <p className="beside">
              Ada <TypingBadge variant={variant} announce={false} {...state} /> <time className="beside">12:30</time>
            </p>
          )}
        </div>
      )
      const { rerender } = render(page(NOBODY))
      await frames()
      const measure = () => [...all('[data-testid=page], .beside, [data-typing-badge]')].map(rectOf)
      const idle = measure()
      // The badge reserves at least a line.
      expect(idle[1]!.height).toBeGreaterThan(10)
      const shifts = watchShifts()
      for (const [name, state] of COURSE) {
        rerender(page(state))
        expect(measure(), name).toEqual(idle)
        await frames()
        expect(measure(), name).toEqual(idle)
      }
      // The fade ends.
      await expect
        .poll(() =>
          all('[data-part=label]')
            .map((label) => label.innerHTML)
            .join(''),
        )
        .toBe('')
      await frames()
      expect(measure()).toEqual(idle)
      expect(shifts()).toBe(0)
    })
  })
})

test('the test sees a layout shift when there is one', async () => {
  const page = (badge: boolean) => (
    <div>
      {badge && <p>Ada is typing…</p>}
      <p>Composer</p>
    </div>
  )
  const { rerender } = render(page(false))
  await frames()
  const shifts = watchShifts()
  rerender(page(true))
  await frames()
  await expect.poll(shifts).toBeGreaterThan(0)
})

describe.each(DRAWN)('the dots of %s', (variant) => {
  const dots = () => all('[data-part=dots] > *')

  test.each([8, 13, 14, 16, 22.5, 40])(
    'are three, round, of one size in whole pixels, and hide the full stops inside, at %f px',
    async (fontSize) => {
      await prefers('prefers-reduced-motion', 'reduce')
      render(<TypingBadge variant={variant} style={{ fontSize }} {...ONE} />)
      const sizes = dots().map((dot) => rectOf(dot))
      expect(sizes).toHaveLength(3)
      const size = Math.round(0.4 * fontSize)
      expect(sizes.flatMap(({ width, height }) => [width, height])).toEqual(Array(6).fill(size))
      for (const dot of dots()) {
        expect(getComputedStyle(dot)).toMatchObject({ borderRadius: '50%', overflow: 'hidden' })
        const [stop] = rangesOf(dot, '.')
        expect(stop!.left).toBeGreaterThanOrEqual(dot.getBoundingClientRect().right)
      }
    },
  )

  test.each(DIRECTIONS)('are in the middle of the line and of their space: %s', async (dir) => {
    await prefers('prefers-reduced-motion', 'reduce')
    render(
      <div dir={dir}>
        <TypingBadge variant={variant} {...ONE} />
      </div>,
    )
    const [first, second, third] = dots().map((dot) => dot.getBoundingClientRect())
    const space = get('[data-part=dots]').getBoundingClientRect()
    const line = get('[data-typing-badge]').getBoundingClientRect()
    expect(space.height).toBeCloseTo(line.height, 0)
    expect((second!.top + second!.bottom) / 2).toBeCloseTo((line.top + line.bottom) / 2, 0)
    expect((second!.left + second!.right) / 2).toBeCloseTo((space.left + space.right) / 2, 1)
    expect(third!.left - second!.left).toBeCloseTo(second!.left - first!.left, 1)
  })

  test('move by opacity and transforms only, and not while nobody is typing', async () => {
    const { rerender } = render(<TypingBadge variant={variant} {...NOBODY} />)
    expect(document.getAnimations()).toEqual([])
    rerender(<TypingBadge variant={variant} {...ONE} />)
    const running = dots().flatMap((dot) => dot.getAnimations())
    expect(running).toHaveLength(3)
    const animated = running
      .flatMap(({ effect }) => (effect as KeyframeEffect).getKeyframes())
      .flatMap(({ offset: _, computedOffset: __, composite: ___, easing: ____, ...properties }) =>
        Object.keys(properties),
      )
    expect(new Set(animated)).toEqual(new Set(['opacity', 'transform']))
    rerender(<TypingBadge variant={variant} {...NOBODY} />)
    await expect.poll(() => document.getAnimations()).toEqual([])
  })

  test('are still and fully visible with reduced motion', async () => {
    await prefers('prefers-reduced-motion', 'reduce')
    render(<TypingBadge variant={variant} {...ONE} />)
    expect(document.getAnimations()).toEqual([])
    for (const dot of dots()) {
      expect(getComputedStyle(dot)).toMatchObject({ animationName: 'none', opacity: '1', visibility: 'visible' })
    }
    expect(getComputedStyle(get('[data-part=label]')).transitionDuration).toBe('0s')
  })

  test('are visible in forced colours, in the colour of text', async () => {
    await prefers('forced-colors', 'active')
    render(
      <>
        <TypingBadge variant={variant} style={{ color: 'rgb(1, 2, 3)' }} {...ONE} />
        <i style={{ color: 'CanvasText' }} />
      </>,
    )
    const { color } = getComputedStyle(get('i'))
    for (const dot of dots()) {
      const { width } = dot.getBoundingClientRect()
      const { outlineColor, outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(dot)
      expect({ outlineColor, outlineStyle }).toEqual({ outlineColor: color, outlineStyle: 'solid' })
      // It fills the dot: it begins at the edge, and reaches the middle but for the part of a pixel.
      expect(parseFloat(outlineOffset) + parseFloat(outlineWidth)).toBeCloseTo(0, 0)
      expect(2 * parseFloat(outlineWidth)).toBeGreaterThanOrEqual(width - 1)
    }
  })

  test.each(['light', 'dark'])('have the text’s colour: %s', (colorScheme) => {
    render(
      <div style={{ colorScheme, color: 'CanvasText' }}>
        <TypingBadge variant={variant} {...ONE} />
        <i />
      </div>,
    )
    for (const dot of dots()) expect(getComputedStyle(dot).backgroundColor).toBe(getComputedStyle(get('i')).color)
  })

  test('look different for each activity', () => {
    const looks = (['typing', 'recording', 'photo', 'sticker', 'thinking'] as const).map((activity) => {
      const { unmount } = render(<TypingBadge variant={variant} typists={[typist('Ada', activity)]} />)
      const styles = dots().map((dot) => {
        dot.getAnimations().forEach((animation) => animation.cancel())
        const { visibility, transform, animationDuration, animationDelay } = getComputedStyle(dot)
        return [visibility, transform, animationDuration, animationDelay]
      })
      unmount()
      return JSON.stringify(styles)
    })
    expect(new Set(looks).size).toBe(looks.length)
  })
})

test.each([
  ['bubble', '[data-part=label]'],
  ['avatars', '[data-part=avatar]'],
] as const)('in forced colours, which remove the background, %s has an outline', async (variant, part) => {
  render(<TypingBadge variant={variant} {...ONE} />)
  const outline = () => getComputedStyle(get(part)).outlineColor
  expect(outline()).toBe('rgba(0, 0, 0, 0)')
  await prefers('forced-colors', 'active')
  expect(outline()).not.toBe('rgba(0, 0, 0, 0)')
})

/** Where each of these texts is drawn. */
function rangesOf(element: Element, ...texts: string[]) {
  const nodes: Text[] = []
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) nodes.push(walker.currentNode as Text)
  return texts.map((text) => {
    const node = nodes.find(({ data }) => data.includes(text))
    if (!node) throw new Error(`There is no ${text}`)
    const range = document.createRange()
    const start = node.data.indexOf(text)
    range.setStart(node, start)
    range.setEnd(node, start + text.length)
    return range.getBoundingClientRect()
  })
}

const lefts = (element: Element, ...texts: string[]) => rangesOf(element, ...texts).map(({ left }) => left)

describe('direction', () => {
  const english: TypingState = { typists: [typist('ليلى')], total: 1 }

  /** In the page, and in a shadow tree, to which the style sheet does not apply. */
  const places = [
    ['with the style sheet', (ui: ReactNode) => render(ui).container],
    [
      'without it',
      (ui: ReactNode) => {
        const host = render(<div />).container.firstElementChild!
        const shadow = host.attachShadow({ mode: 'open' })
        const root = createRoot(shadow)
        onTestFinished(() => root.unmount())
        root.render(ui)
        return shadow
      },
    ],
  ] as const

  test.each(places)('an English sentence reads left to right in a page right to left, %s', async (_, mount) => {
    const page = mount(
      <div dir="rtl" style={{ inlineSize: 320 }}>
        <TypingBadge {...english} />
      </div>,
    )
    await expect.poll(() => page.textContent).toContain('typing')
    const [name, is, end] = lefts(get('[data-part=label]', page), 'ل', 'is', '…')
    expect(name).toBeLessThan(is!)
    expect(is).toBeLessThan(end!)
  })

  test.each(places)('an Arabic one right to left in a page left to right, %s', async (_, mount) => {
    const page = mount(
      <div dir="ltr">
        <TypingBadge {...ONE} format={() => '\u2068Ada\u2069 تكتب…'} />
      </div>,
    )
    await expect.poll(() => page.textContent).toContain('Ada')
    const [name, writes, end] = lefts(get('[data-part=label]', page), 'Ada', 'ت', '…')
    expect(name).toBeGreaterThan(writes!)
    expect(writes).toBeGreaterThan(end!)
  })

  test.each(DIRECTIONS)('it begins where the page begins: %s', (dir) => {
    render(
      <div dir={dir} style={{ inlineSize: 320 }}>
        <TypingBadge {...ONE} />
      </div>,
    )
    const [root, label] = [get('[data-typing-badge]'), get('[data-part=label]')].map((part) =>
      part.getBoundingClientRect(),
    )
    expect(label!.width).toBeLessThan(root!.width)
    if (dir === 'ltr') expect(label!.left).toBe(root!.left)
    else expect(label!.right).toBe(root!.right)
  })

  test.each(DIRECTIONS)('a sentence that is too long loses its end, not its beginning: %s', (dir) => {
    render(
      <div dir={dir} style={{ inlineSize: 120 }}>
        <TypingBadge typists={[typist('Ada'), typist('Grace'), typist('Edsger')]} />
      </div>,
    )
    const label = get('[data-part=label]')
    const box = label.getBoundingClientRect()
    const [first] = lefts(label, 'Ada')
    expect(box.width).toBeLessThanOrEqual(120)
    expect(first).toBeGreaterThanOrEqual(box.left - 1)
    expect(first).toBeLessThan(box.left + 5)
    expect(getComputedStyle(label)).toMatchObject({ textOverflow: 'ellipsis', overflowX: 'clip' })
  })

  test.each(DIRECTIONS)('a long sentence without names ends in an ellipsis: %s', (dir) => {
    render(
      <div dir={dir} style={{ inlineSize: 120 }}>
        <TypingBadge {...ONE} format={() => 'Several people are typing at the same time'} />
      </div>,
    )
    const label = get('[data-part=sentence]')
    expect(label.scrollWidth).toBeGreaterThan(label.clientWidth)
    expect(getComputedStyle(label)).toMatchObject({ display: 'block', textOverflow: 'ellipsis', overflowX: 'clip' })
    const [first] = lefts(label, 'Several')
    expect(first).toBeCloseTo(label.getBoundingClientRect().left, 0)
  })

  test.each(DIRECTIONS)('the first picture is first: %s', (dir) => {
    render(
      <div dir={dir}>
        <TypingBadge variant="avatars" typists={[typist('Ada'), typist('Grace')]} total={5} />
      </div>,
    )
    const order = all('[data-part=avatar], [data-part=more], [data-part=dots]').map((part) => rectOf(part).x)
    expect(order).toHaveLength(4)
    expect(order.toSorted((a, b) => (dir === 'ltr' ? a - b : b - a))).toEqual(order)
  })
})

describe('a sentence that is too long', () => {
  const client = createOnlineMessageClient({ transport: createMemoryNetwork().join({ id: 'me' }) })
  const FORMATS: readonly TypingBadgeProps['format'][] = [undefined, (state, locale) => formatTyping(state, locale)]

  interface Place {
    readonly locale: TypingLocale
    readonly dir: string
    readonly width: number
  }

  const page = ({ locale, dir, width }: Place, typists: readonly Typist[], format?: TypingBadgeProps['format']) => (
    <OnlineMessageProvider client={client} locale={locale}>
      <div dir={dir} style={{ inlineSize: width, font: '16px sans-serif' }}>
        <TypingBadge typists={typists} format={format} />
      </div>
    </OnlineMessageProvider>
  )

  /** The words that are not names, as they are drawn. */
  const wordsOf = (label: Element) =>
    Array.from(label.childNodes)
      .filter((node) => node instanceof Text)
      .map((text) => rangesOf(label, text.data)[0]!)

  const isCut = ({ scrollWidth, clientWidth }: Element) => scrollWidth > clientWidth

  describe.each(Object.entries(locales))('%s', (_, locale) => {
    test.each(DIRECTIONS)('the names shrink, and nothing else, in one line and in a page %s', (dir) => {
      for (const names of [
        ['Maximiliane Hofmann', 'Bartholomäus Oberreiter'],
        ['ليلى عبد الرحمن الهاشمي', 'Wolfeschlegelsteinhausen'],
        [LONG],
      ]) {
        for (const format of FORMATS) {
          const { rerender } = render(page({ locale, dir, width: 328 }, [], format))
          const { height } = rectOf(get('[data-typing-badge]'))
          rerender(
            page(
              { locale, dir, width: 328 },
              names.map((name) => typist(name)),
              format,
            ),
          )
          const label = get('[data-part=sentence]')
          const box = label.getBoundingClientRect()
          for (const { left, right, width } of wordsOf(label)) {
            expect(width).toBeGreaterThan(0)
            expect(left).toBeGreaterThanOrEqual(box.left - 0.1)
            expect(right).toBeLessThanOrEqual(box.right + 0.1)
          }
          expect(box.width).toBeLessThanOrEqual(328)
          for (const name of all('[data-part=name]')) expect(rectOf(name).width).toBeGreaterThan(20)
          expect(rectOf(get('[data-typing-badge]')).height).toBe(height)
          cleanup()
        }
      }
    })

    test.each(DIRECTIONS)('no name is cut where there is room, in a page %s', (dir) => {
      for (const width of [777.3, 1200]) {
        render(page({ locale, dir, width }, [typist('Li'), typist('Bartholomäus Oberreiter'), typist('Ada')]))
        expect(all('[data-part=name]').filter(isCut)).toEqual([])
        cleanup()
      }
    })
  })

  test('a short name is not cut before a long one', () => {
    render(page({ locale: locales.en, dir: 'ltr', width: 240 }, [typist('Li'), typist('Bartholomäus Oberreiter')]))
    expect(all('[data-part=name]').map(isCut)).toEqual([false, true])
  })
})

describe('pictures', () => {
  test('a loaded picture covers the initial, and a broken one leaves it', async () => {
    render(
      <TypingBadge
        variant="avatars"
        typists={[typist('Ada', 'typing', PICTURE), typist('Grace', 'typing', 'data:image/png;base64,broken')]}
      />,
    )
    const [good, broken] = all('img') as HTMLImageElement[]
    await expect.poll(() => good!.complete && broken!.complete).toBe(true)
    expect(rectOf(good!)).toEqual(rectOf(all('[data-part=avatar]')[0]!))
    await expect.poll(() => broken!.checkVisibility()).toBe(false)
    expect(good!.checkVisibility()).toBe(true)
    expect(all('[data-part=avatar]')[1]).toHaveProperty('textContent', 'G')
  })
})

describe('the style sheet', () => {
  const rulesOf = (rule: CSSRule): CSSRule[] => [
    rule,
    ...('cssRules' in rule ? Array.from(rule.cssRules as CSSRuleList).flatMap(rulesOf) : []),
  ]

  test('is one layer, in which no rule has specificity', () => {
    const layer = Array.from(document.styleSheets)
      .flatMap((sheet) => Array.from(sheet.cssRules))
      .find((rule) => rule instanceof CSSLayerBlockRule)
    expect(layer?.name).toBe('react-online-message')
    const rules = rulesOf(layer!).filter((rule) => rule instanceof CSSStyleRule)
    expect(rules.length).toBeGreaterThan(10)
    // A pseudo-element cannot be inside of :where().
    for (const { selectorText } of rules) {
      for (const selector of selectorText.split(/(?<=\)|::before), (?=:where)/)) {
        expect(selector).toMatch(/^:where\([^]*\)(::before|::after)?$/)
      }
    }
  })

  test('the announcement takes no space, with and without its text', async () => {
    render(<TypingBadge {...ONE} />)
    const region = get('[data-part=announcement]')
    expect(rectOf(region)).toMatchObject({ width: 0, height: 0 })
    await expect.poll(() => region.textContent, { timeout: 4000 }).not.toBe('')
    expect(rectOf(region)).toMatchObject({ width: 0, height: 0 })
  })

  test.each<[string, Variant, string, (style: CSSStyleDeclaration) => string, string]>([
    ['--typing-badge-size: 20px', 'text', '[data-part=label]', ({ fontSize }) => fontSize, '20px'],
    [
      '--typing-badge-color: rgb(1, 2, 3)',
      'dots',
      '[data-part=dots] > *',
      (style) => style.backgroundColor,
      'rgb(1, 2, 3)',
    ],
    ['--typing-badge-gap: 9px', 'dots', '[data-part=dots]', ({ columnGap }) => columnGap, '9px'],
    ['--typing-badge-duration: 7s', 'dots', '[data-part=dots] > *', (style) => style.animationDuration, '7s'],
    [
      '--typing-badge-bubble: rgb(1, 2, 3)',
      'bubble',
      '[data-part=label]',
      (style) => style.backgroundColor,
      'rgb(1, 2, 3)',
    ],
    ['--typing-badge-radius: 9px', 'bubble', '[data-part=label]', (style) => style.borderStartStartRadius, '9px'],
    ['--typing-badge-avatar: 40px', 'avatars', '[data-part=avatar]', ({ inlineSize }) => inlineSize, '40px'],
  ])('%s', (variable, variant, part, read, value) => {
    const [name, set] = variable.split(': ') as [string, string]
    render(<TypingBadge variant={variant} style={{ [name]: set }} {...ONE} />)
    expect(read(getComputedStyle(get(part)))).toBe(value)
  })
})
