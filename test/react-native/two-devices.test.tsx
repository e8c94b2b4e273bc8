import { act, fireEvent, render, screen, waitFor } from '@testing-library/react-native'
import { createOnlineMessageClient, OnlineMessageProvider } from 'react-online-message/react-native'
import { createSocketTransport } from 'react-online-message/socket.io'
import { io } from 'socket.io-client'
import { Chat } from '../../examples/react-native/Chat'
import { changeAppState } from './support/app-state'

/**
 * The other device is a browser with Bob's side of the page of `npm start`, which test/e2e/react-native.test.ts has opened.
 * It does what this test asks for by messages, and answers by messages.
 */
const TYPING = 'The other party is typing…'
const within = { timeout: 5000 }
const drawn = { includeHiddenElements: true }

const address = (name: string): string => {
  const value = (process.env as Readonly<Record<string, string | undefined>>)[name]
  if (value === undefined) throw new Error('Run it with its browser: npx vitest run --project e2e react-native')
  return value
}

const socket = io(address('CHAT_URL'), { auth: { user: 'ann' }, transports: ['websocket'] })
const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
/** Somebody always uses the client, as in an app. */
const stopUsing = client.connection.subscribe(() => {})

beforeAll(() => waitFor(() => expect(client.connection.getState()).toBe('online'), within))
afterAll(() => {
  stopUsing()
  socket.disconnect()
})

beforeEach(() => {
  render(
    <OnlineMessageProvider client={client}>
      <Chat socket={socket} user="bob" />
    </OnlineMessageProvider>,
  )
})

/** Lets Bob's browser do something, or say what it shows. */
async function browser(question: string): Promise<string> {
  let answer = ''
  await act(async () => {
    const response = await fetch(`${address('BROWSER_URL')}/${encodeURIComponent(question)}`)
    answer = await response.text()
  })
  return answer
}

/** React Native's preset renders what a timer changes only in `act`. */
async function untilNobodyTypes() {
  const began = performance.now()
  while (screen.queryByText(TYPING, drawn)) {
    expect(performance.now() - began).toBeLessThan(within.timeout)
    await act(() => new Promise<void>((resolve) => setTimeout(() => resolve(), 20)))
  }
}

const field = () => screen.getByLabelText('Message')
const type = (text: string) => fireEvent(field(), 'change', { nativeEvent: { text } })

test('S1, S4: the browser shows that the phone types, and no longer when it has sent', async () => {
  type('hi')
  expect(await browser('see typing')).toBe(TYPING)
  fireEvent.changeText(field(), 'hi')
  fireEvent.press(screen.getByText('Send'))
  expect(await browser('see nobody')).toBe('nobody')
  expect(await browser('see message hi')).toBe('hi')
})

test('R1, R3: the phone shows that the browser types, and no longer when it has stopped', async () => {
  expect(await browser('type h')).toBe('typed')
  expect(await screen.findByText(TYPING, drawn, within)).toBeTruthy()
  expect(await browser('press Backspace')).toBe('pressed')
  await untilNobodyTypes()
})

test('R6: a message of the browser takes its typing with it', async () => {
  expect(await browser('type hello')).toBe('typed')
  expect(await screen.findByText(TYPING, drawn, within)).toBeTruthy()
  expect(await browser('press Enter')).toBe('pressed')
  expect(await screen.findByText('hello', {}, within)).toBeTruthy()
  await untilNobodyTypes()
})

test('S4: the browser no longer shows a phone whose app goes into the background', async () => {
  type('on my way')
  expect(await browser('see typing')).toBe(TYPING)
  const began = performance.now()
  await changeAppState('background')
  expect(await browser('see nobody')).toBe('nobody')
  // idleTimeout would end it after 4 s.
  expect(performance.now() - began).toBeLessThan(3000)
  await changeAppState('active')
  expect(await browser('type back?')).toBe('typed')
  expect(await screen.findByText(TYPING, drawn, within)).toBeTruthy()
})
