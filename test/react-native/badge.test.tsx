import { act, render, screen } from '@testing-library/react-native'
import type { ComponentProps, ReactElement } from 'react'
import { AccessibilityInfo, Animated, StyleSheet, Text, type View } from 'react-native'
import { ar, de } from 'react-online-message/locales'
import { createMemoryNetwork } from 'react-online-message/memory'
import {
  createOnlineMessageClient,
  OnlineMessageProvider,
  TypingBadge,
  type TypingBadgeProps,
  type Typist,
} from 'react-online-message/react-native'

const typist = (id: string, name?: string, more: Partial<Typist> = {}): Typist => ({
  id,
  activity: 'typing',
  since: 1,
  ...(name === undefined ? {} : { name }),
  ...more,
})
const ada = typist('1', 'Ada')
const grace = typist('2', 'Grace')
const nobody: Typist[] = []
const ADA_IS_TYPING = '\u2068Ada\u2069 is typing…'

const announced = AccessibilityInfo.announceForAccessibility as jest.Mock
const isReduceMotionEnabled = AccessibilityInfo.isReduceMotionEnabled as jest.Mock
const listenToAccessibility = AccessibilityInfo.addEventListener as jest.Mock

beforeEach(() => {
  jest.useFakeTimers()
  announced.mockClear()
  listenToAccessibility.mockClear()
  isReduceMotionEnabled.mockImplementation(async () => false)
})
afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

const wait = (milliseconds: number) => act(() => jest.advanceTimersByTimeAsync(milliseconds))

/** Renders a badge, and waits until it knows whether motion is reduced. */
async function show(element: ReactElement) {
  const rendered = render(element)
  await wait(0)
  return { ...rendered, update: (next: ReactElement) => rendered.rerender(next) }
}

/** Hidden or not: what screen readers do not find is drawn all the same. */
const drawn = { includeHiddenElements: true }
type Instance = ReturnType<typeof screen.getByTestId>
const hosts = (type: string): Instance[] => screen.root.findAll((node: Instance) => (node.type as unknown) === type)
const styleOf = (instance: Instance) =>
  StyleSheet.flatten([(instance.props as ComponentProps<typeof View>).style]) as Record<string, unknown>
/** The label is an animated view, and so has an inner one. */
const labelStyle = () => styleOf(hosts('View').find((view) => styleOf(view).minHeight !== undefined)!)
const dots = () => hosts('View').filter((view) => styleOf(view).width === 0.4 * 14 * fontScale)
const fontScale = 2

type BadgeProps = Omit<TypingBadgeProps, 'conversation' | 'typists' | 'total'> & {
  readonly typists?: readonly Typist[]
  readonly total?: number
}
const badge = ({ typists = [ada], ...props }: BadgeProps = {}) => (
  <TypingBadge testID="badge" typists={typists} {...props} />
)

describe('variants', () => {
  test('text: one line that says who types', async () => {
    await show(badge())
    expect(screen.getByText(ADA_IS_TYPING, drawn).props).toMatchObject({ numberOfLines: 1 })
  })

  test('dots: three of them, and no text', async () => {
    await show(badge({ variant: 'dots' }))
    expect(dots()).toHaveLength(3)
    expect(hosts('Text')).toHaveLength(0)
  })

  test('bubble: three dots before a background, which has corners', async () => {
    await show(badge({ variant: 'bubble' }))
    expect(dots()).toHaveLength(3)
    expect(hosts('View').some((view) => styleOf(view).borderBottomStartRadius !== undefined)).toBe(true)
  })

  test('avatars: three pictures or initials, the number of the others, and the dots', async () => {
    const typists = [ada, typist('3', 'Émile', { avatar: 'https://example.com/emile.png' }), typist('4'), grace]
    await show(badge({ variant: 'avatars', typists, total: 1204 }))
    expect(screen.getByText('A', drawn)).toBeTruthy()
    expect(screen.getByText('É', drawn)).toBeTruthy()
    expect(screen.queryByText('G', drawn)).toBeNull()
    expect(screen.getByText('\u2068+1,201\u2069', drawn)).toBeTruthy()
    expect(hosts('Image').map(({ props }) => props as object)).toMatchObject([
      { source: { uri: 'https://example.com/emile.png' }, referrerPolicy: 'no-referrer' },
    ])
    expect(dots()).toHaveLength(3)
  })

  test('a broken picture leaves the initial, and a new one of the same person is tried', async () => {
    const withPicture = (avatar: string) => badge({ variant: 'avatars', typists: [typist('3', 'Émile', { avatar })] })
    const { update } = await show(withPicture('https://example.com/1.png'))
    const [picture] = hosts('Image')
    act(() => (picture!.props as { onError(): void }).onError())
    expect(hosts('Image')).toHaveLength(0)
    expect(screen.getByText('É', drawn)).toBeTruthy()
    update(withPicture('https://example.com/2.png'))
    expect(hosts('Image')).toHaveLength(1)
  })

  test.each(['text', 'dots', 'bubble', 'avatars'] as const)(
    '%s reserves its space while nobody types: nothing shifts',
    async (variant) => {
      const { update } = await show(badge({ variant, typists: nobody }))
      const { minHeight, minWidth } = labelStyle()
      expect(minHeight).toBeGreaterThanOrEqual(14 * fontScale)
      update(badge({ variant }))
      await wait(1000)
      expect(labelStyle()).toMatchObject({ minHeight, minWidth })
    },
  )

  test.each(['recording', 'photo', 'sticker', 'thinking'] as const)('draws the rhythm of %s', async (activity) => {
    await show(badge({ variant: 'dots', typists: [{ ...ada, activity }] }))
    const visible = dots().filter((dot) => styleOf(dot).opacity !== 0)
    expect(visible).toHaveLength(activity === 'recording' ? 1 : 3)
  })

  test('colour and size come from textStyle, and style, ref and other props go to the root', async () => {
    const ref = { current: null as View | null }
    const style = { padding: 3 }
    await show(
      <TypingBadge
        ref={ref}
        testID="badge"
        style={style}
        textStyle={{ color: 'teal', fontSize: 20 }}
        typists={[ada]}
      />,
    )
    expect(styleOf(screen.getByTestId('badge'))).toMatchObject({ padding: 3, flexDirection: 'row' })
    expect(styleOf(screen.getByText(ADA_IS_TYPING, drawn))).toMatchObject({ color: 'teal', fontSize: 20 })
    expect(ref.current).not.toBeNull()
  })
})

describe('words', () => {
  const client = createOnlineMessageClient({ transport: createMemoryNetwork().join({ id: 'ann' }) })

  test.each([
    [de, '\u2068Ada\u2069 und \u2068Grace\u2069 schreiben…'],
    [ar, 'يكتب \u2068Ada\u2069 و\u2068Grace\u2069…'],
  ])('are those of the locale of the provider', async (locale, sentence) => {
    await show(
      <OnlineMessageProvider client={client} locale={locale}>
        {badge({ typists: [ada, grace] })}
      </OnlineMessageProvider>,
    )
    const [text] = hosts('Text')
    expect(text!.children).toEqual([sentence])
    expect(screen.getByTestId('badge').props).toMatchObject({ accessibilityLanguage: locale.tag })
  })

  test('format and children replace them, and a text among the children is drawn in a Text', async () => {
    const { update } = await show(badge({ format: ({ total }) => `${total} at work` }))
    expect(screen.getByText('1 at work', drawn)).toBeTruthy()
    update(badge({ children: 'somebody' }))
    expect(screen.getByText('somebody', drawn)).toBeTruthy()
    update(badge({ children: ({ typists }) => <Text>{typists[0]!.name} works</Text> }))
    expect(screen.getByText('Ada works', drawn)).toBeTruthy()
  })
})

describe('fading', () => {
  test('a label keeps its sentence for the 150 ms of the fade, and is then empty', async () => {
    const { update } = await show(badge())
    update(badge({ typists: nobody }))
    await wait(149)
    expect(screen.getByText(ADA_IS_TYPING, drawn)).toBeTruthy()
    await wait(1)
    expect(screen.queryByText(ADA_IS_TYPING, drawn)).toBeNull()
  })

  test('it fades for 150 ms, and with reduced motion changes at once', async () => {
    const timing = jest.spyOn(Animated, 'timing')
    const { unmount } = await show(badge({ variant: 'text' }))
    expect(timing.mock.lastCall![1]).toMatchObject({ toValue: 1, duration: 150, useNativeDriver: true })
    unmount()
    isReduceMotionEnabled.mockImplementation(async () => true)
    await show(badge({ variant: 'text' }))
    expect(timing.mock.lastCall![1]).toMatchObject({ toValue: 1, duration: 0 })
  })
})

describe('reduced motion', () => {
  test('the dots move, without JavaScript, until the system says that motion is reduced', async () => {
    const loop = jest.spyOn(Animated, 'loop')
    await show(badge({ variant: 'dots' }))
    expect(loop).toHaveBeenCalledTimes(1)
    const { stop } = loop.mock.results[0]!.value as { stop(): void }
    expect(stop).toBeDefined()
    expect(styleOf(dots()[0]!).opacity).toBe(0.3)

    const [event, listener] = listenToAccessibility.mock.lastCall as [string, (isReduced: boolean) => void]
    expect(event).toBe('reduceMotionChanged')
    act(() => listener(true))
    expect(loop).toHaveBeenCalledTimes(1)
    expect(styleOf(dots()[0]!).opacity).toBeUndefined()
    act(() => listener(false))
    expect(loop).toHaveBeenCalledTimes(2)
  })

  test('nothing moves before the system has answered, nor when it says that motion is reduced', async () => {
    const loop = jest.spyOn(Animated, 'loop')
    isReduceMotionEnabled.mockImplementation(async () => true)
    await show(badge({ variant: 'dots' }))
    await wait(5000)
    expect(loop).not.toHaveBeenCalled()
  })

  test('an unmounted badge listens to nothing', async () => {
    const remove = jest.fn()
    listenToAccessibility.mockImplementationOnce(() => ({ remove }))
    const { unmount } = await show(badge({ variant: 'dots' }))
    unmount()
    expect(remove).toHaveBeenCalledTimes(1)
    await wait(1000)
    expect(jest.getTimerCount()).toBe(0)
  })
})

describe('screen readers', () => {
  test('announce a sentence once, after 2 s without a change, and never that somebody stopped', async () => {
    const { update } = await show(badge())
    await wait(1500)
    update(badge({ typists: [ada, grace] }))
    await wait(1999)
    expect(announced).not.toHaveBeenCalled()
    await wait(1)
    expect(announced.mock.calls).toEqual([['\u2068Ada\u2069 and \u2068Grace\u2069 are typing…']])

    update(badge({ typists: [grace] }))
    await wait(5000)
    update(badge({ typists: nobody }))
    await wait(5000)
    expect(announced).toHaveBeenCalledTimes(1)
    update(badge())
    await wait(2000)
    expect(announced).toHaveBeenLastCalledWith(ADA_IS_TYPING)
    expect(announced).toHaveBeenCalledTimes(2)
  })

  test('do not announce who stopped before 2 s, nor with announce={false}', async () => {
    const { update } = await show(badge())
    await wait(1900)
    update(badge({ typists: nobody }))
    await wait(5000)
    update(badge({ announce: false }))
    await wait(5000)
    expect(announced).not.toHaveBeenCalled()
  })

  test('find no label that is announced, or that fades', async () => {
    const { update } = await show(badge())
    expect(screen.queryByText(ADA_IS_TYPING)).toBeNull()
    update(badge({ announce: false }))
    expect(screen.getByText(ADA_IS_TYPING)).toBeTruthy()
    update(badge({ announce: false, typists: nobody }))
    expect(screen.queryByText(ADA_IS_TYPING)).toBeNull()
  })

  test.each(['dots', 'bubble', 'avatars'] as const)('find %s as a picture of the sentence', async (variant) => {
    await show(badge({ variant, announce: false }))
    expect(screen.getByRole('image', { name: ADA_IS_TYPING })).toBeTruthy()
  })
})

test('R7: a badge of another conversation shows nothing of the one before', async () => {
  const network = createMemoryNetwork()
  const join = (id: string, name: string) => createOnlineMessageClient({ transport: network.join({ id, name }) })
  const ann = join('ann', 'Ann')
  const bob = join('bob', 'Bob')
  const inConversation = (user: string) => (
    <OnlineMessageProvider client={ann}>
      <TypingBadge conversation={{ user }} />
    </OnlineMessageProvider>
  )
  const { update, unmount } = await show(inConversation('bob'))
  bob.typing({ user: 'ann' }).keystroke('h')
  await wait(0)
  expect(screen.getByText('The other party is typing…', drawn)).toBeTruthy()
  update(inConversation('carl'))
  expect(screen.queryByText('The other party is typing…', drawn)).toBeNull()
  unmount()
  await wait(60_000)
})
