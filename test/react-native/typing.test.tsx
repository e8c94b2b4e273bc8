import { act, fireEvent, render, renderHook, screen, userEvent } from '@testing-library/react-native'
import { type ReactElement, type ReactNode, useState } from 'react'
import { Text, TextInput } from 'react-native'
import { createMemoryNetwork } from 'react-online-message/memory'
import {
  createOnlineMessageClient,
  OnlineMessageProvider,
  type TypingInputOptions,
  useConnection,
  useTypingIndicator,
  useTypingInput,
} from 'react-online-message/react-native'
import { changeAppState } from './support/app-state'

const IDLE_TIMEOUT = 4000

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

const wait = (milliseconds: number) => act(() => jest.advanceTimersByTimeAsync(milliseconds))

/** Ann on a phone, and what Bob sees of her. */
function setUp() {
  const network = createMemoryNetwork()
  const clientOf = (id: string) => createOnlineMessageClient({ transport: network.join({ id }) })
  const ann = clientOf('ann')
  const typists = clientOf('bob').typists({ user: 'ann' })
  const seen: number[] = []
  const unsubscribe = typists.subscribe(({ total }) => seen.push(total))
  const wrapper = ({ children }: { children: ReactNode }) => (
    <OnlineMessageProvider client={ann}>{children}</OnlineMessageProvider>
  )
  return {
    /** The totals that Bob has seen, one after the other. */
    seen,
    bobSees: async () => {
      await wait(0)
      return typists.getState().total
    },
    renderForAnn: (element: ReactElement) => render(element, { wrapper }),
    typingInputOfAnn: () => renderHook(() => useTypingInput({ user: 'bob' }), { wrapper }).result.current,
    unsubscribe,
  }
}

interface ComposerProps extends TypingInputOptions {
  readonly onSend?: (text: string) => void
}

function Composer({ onSend, ...options }: ComposerProps) {
  const { inputProps, stop, total } = useTypingIndicator({ user: 'bob' }, options)
  const [text, setText] = useState('')
  const send = () => {
    stop()
    onSend?.(text)
    setText('')
  }
  return (
    <>
      <Text>{useConnection()}</Text>
      <Text>{`${total} typing`}</Text>
      <TextInput testID="field" value={text} onChangeText={setText} onSubmitEditing={send} {...inputProps} />
      <Text onPress={() => setText('a draft')}>Draft</Text>
    </>
  )
}

const field = () => screen.getByTestId('field')
/** Types, and stays in the field. */
const type = (text: string) =>
  userEvent.setup({ advanceTimers: jest.advanceTimersByTime }).type(field(), text, { skipBlur: true })
const change = (text: string) => fireEvent(field(), 'change', { nativeEvent: { text } })

test('S1, S4: a key in a TextInput is typing, and a sent message ends it; the handlers of the app stay', async () => {
  const { renderForAnn, bobSees } = setUp()
  const onSend = jest.fn()
  renderForAnn(<Composer onSend={onSend} />)
  expect(screen.getByText('online')).toBeTruthy()
  await type('hi')
  expect(await bobSees()).toBe(1)
  expect(field().props).toMatchObject({ value: 'hi' })
  await userEvent.setup({ advanceTimers: jest.advanceTimersByTime }).type(field(), '!', { submitEditing: true })
  expect(onSend).toHaveBeenCalledWith('hi!')
  expect(await bobSees()).toBe(0)
})

test('S1: the same text begins typing again after a message was sent', async () => {
  const { renderForAnn, bobSees } = setUp()
  renderForAnn(<Composer />)
  change('k')
  expect(await bobSees()).toBe(1)
  fireEvent(field(), 'submitEditing')
  expect(await bobSees()).toBe(0)
  change('k')
  expect(await bobSees()).toBe(1)
})

test('S4: an emptied field ends typing', async () => {
  const { renderForAnn, bobSees } = setUp()
  renderForAnn(<Composer />)
  change('h')
  expect(await bobSees()).toBe(1)
  change('')
  expect(await bobSees()).toBe(0)
})

test('S4: leaving the field ends typing', async () => {
  const { renderForAnn, bobSees } = setUp()
  renderForAnn(<Composer />)
  await type('hi')
  expect(await bobSees()).toBe(1)
  fireEvent(field(), 'endEditing')
  expect(await bobSees()).toBe(0)
})

test('S3: without a key, typing ends after idleTimeout', async () => {
  const { renderForAnn, bobSees } = setUp()
  renderForAnn(<Composer />)
  change('h')
  await wait(IDLE_TIMEOUT - 1)
  expect(await bobSees()).toBe(1)
  await wait(1)
  expect(await bobSees()).toBe(0)
})

test('S6: a text that the app sets is no typing', async () => {
  const { renderForAnn, seen } = setUp()
  renderForAnn(<Composer />)
  fireEvent.press(screen.getByText('Draft'))
  await wait(1000)
  expect(field().props).toMatchObject({ value: 'a draft' })
  expect(seen).toEqual([])
})

test('an ignored text is no typing, and ends typing; so does enabled={false}', async () => {
  const { renderForAnn, bobSees } = setUp()
  const ignore = (text: string) => text.startsWith('/')
  const { rerender } = renderForAnn(<Composer ignore={ignore} />)
  change('/s')
  expect(await bobSees()).toBe(0)
  change('s')
  expect(await bobSees()).toBe(1)
  change('/s')
  expect(await bobSees()).toBe(0)
  change('s')
  expect(await bobSees()).toBe(1)
  rerender(<Composer ignore={ignore} enabled={false} />)
  expect(await bobSees()).toBe(0)
})

test('S4: unmounting ends typing, and leaves no timer and no listener behind', async () => {
  const { renderForAnn, bobSees, unsubscribe } = setUp()
  const { unmount } = renderForAnn(<Composer />)
  change('h')
  expect(await bobSees()).toBe(1)
  unmount()
  expect(await bobSees()).toBe(0)
  unsubscribe()
  await wait(0)
  expect(jest.getTimerCount()).toBe(0)
})

test('keystroke and startActivity are for other fields', async () => {
  const { typingInputOfAnn, bobSees } = setUp()
  const input = typingInputOfAnn()
  input.keystroke('h')
  expect(await bobSees()).toBe(1)
  input.keystroke('')
  expect(await bobSees()).toBe(0)
  const stopRecording = input.startActivity('recording')
  expect(await bobSees()).toBe(1)
  stopRecording()
  expect(await bobSees()).toBe(0)
})

describe('the state of the app', () => {
  afterEach(() => changeAppState('active'))

  test('S4: the background ends typing at once, and so for an activity, which is shown again in the foreground', async () => {
    const { typingInputOfAnn, bobSees, seen } = setUp()
    const input = typingInputOfAnn()
    const stopRecording = input.startActivity('recording')
    expect(await bobSees()).toBe(1)
    await changeAppState('inactive')
    await changeAppState('background')
    expect(await bobSees()).toBe(0)
    await changeAppState('active')
    expect(await bobSees()).toBe(1)
    stopRecording()
    expect(await bobSees()).toBe(0)
    expect(seen).toEqual([1, 0, 1, 0])
  })

  test('S4: keys before the background are not shown again after idleTimeout', async () => {
    const { renderForAnn, bobSees } = setUp()
    renderForAnn(<Composer />)
    change('h')
    expect(await bobSees()).toBe(1)
    await changeAppState('background')
    expect(await bobSees()).toBe(0)
    await wait(IDLE_TIMEOUT)
    await changeAppState('active')
    expect(await bobSees()).toBe(0)
    change('hi')
    expect(await bobSees()).toBe(1)
  })

  test('an inactive app goes on: a call or a permission dialog lies over it, and it is seen', async () => {
    const { renderForAnn, bobSees } = setUp()
    renderForAnn(<Composer />)
    change('h')
    await changeAppState('inactive')
    expect(await bobSees()).toBe(1)
  })
})
