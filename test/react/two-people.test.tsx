import { act, fireEvent, render, screen, within } from '@testing-library/react'
import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import {
  createOnlineMessageClient,
  OnlineMessageProvider,
  TypingBadge,
  useOnlineMessage,
  useTypingInput,
} from '../../src/index.ts'
import { withFakeClock } from '../support/react/harness.tsx'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'

withFakeClock()

const SENTENCE = 'The other party is typing…'

const pass = (ms: number) =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms)
  })

function Chat({ of, with: user }: { of: string; with: string }) {
  const [waves, setWaves] = useState(0)
  const { inputProps } = useTypingInput({ user })
  const wave = useOnlineMessage({
    conversation: { user },
    command: 'wave',
    onMessage: () => setWaves((before) => before + 1),
  })
  return (
    <section aria-label={of}>
      <TypingBadge conversation={{ user }} />
      <textarea {...inputProps} />
      <button onClick={() => void wave()}>waved at {waves}</button>
    </section>
  )
}

test('S3, R5: two people on two devices see each other typing, and no longer than it is true', async () => {
  const network = createMemoryNetwork({ latency: 20 })
  const people = ['ann', 'bob'].map((id) => {
    const transport = network.join({ id })
    return { transport, client: createOnlineMessageClient({ transport }) }
  })
  const { unmount } = render(
    <>
      {people.map(({ client }, i) => (
        <OnlineMessageProvider key={i} client={client}>
          <Chat of={['ann', 'bob'][i]!} with={['bob', 'ann'][i]!} />
        </OnlineMessageProvider>
      ))}
    </>,
  )
  const at = (name: string) => within(screen.getByRole('region', { name }))

  fireEvent.input(at('ann').getByRole('textbox'), { target: { value: 'h' } })
  await pass(20)
  expect(at('bob').getByText(SENTENCE)).toBeInTheDocument()
  expect(at('ann').queryByText(SENTENCE)).toBeNull()

  // S3: it disappears `idleTimeout` after the last key, and after the fade.
  await pass(4000)
  await pass(20)
  await pass(150)
  expect(at('bob').queryByText(SENTENCE)).toBeNull()

  fireEvent.click(at('bob').getByRole('button'))
  await pass(20)
  expect(at('ann').getByRole('button')).toHaveTextContent('waved at 1')
  expect(at('bob').getByRole('button')).toHaveTextContent('waved at 0')

  // R5: a disconnect empties the list.
  fireEvent.input(at('ann').getByRole('textbox'), { target: { value: 'hi' } })
  await pass(20)
  act(() => people[1]!.transport.disconnect())
  await pass(150)
  expect(at('bob').queryByText(SENTENCE)).toBeNull()

  unmount()
  await pass(20)
  expect(vi.getTimerCount()).toBe(0)
})
