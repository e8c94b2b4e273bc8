import { cleanup, render, waitFor } from '@testing-library/react'
import { Profiler } from 'react'
import { afterEach, expect, test } from 'vitest'
import { createOnlineMessageClient, OnlineMessageProvider } from '../../src/index.ts'
import '../../src/react/badge/styles.css'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'
import { ConversationRow } from '../../examples/places/conversation-row.tsx'

afterEach(cleanup)

const groups = Array.from({ length: 200 }, (_, n) => `group ${n}`)

test.each(['text', 'dots'] as const)(
  'R2: of 200 rows with %s only the row in which somebody types is rendered, and a renewal renders none',
  async (variant) => {
    const network = createMemoryNetwork()
    const client = createOnlineMessageClient({ transport: network.join({ id: 'me' }) })
    const ada = createOnlineMessageClient({
      transport: network.join({ id: 'ada', name: 'Ada' }),
      heartbeatInterval: 500,
    })
    let renewals = 0
    client.subscribe({ group: 'group 7' }, 'textInput', () => renewals++)
    const commits: string[] = []
    render(
      <OnlineMessageProvider client={client}>
        <ul>
          {groups.map((group) => (
            <Profiler key={group} id={group} onRender={(id) => commits.push(id)}>
              <ConversationRow group={group} name={group} lastMessage="Thanks!" time="12:30" variant={variant} />
            </Profiler>
          ))}
        </ul>
      </OnlineMessageProvider>,
    )
    expect(new Set(commits).size).toBe(groups.length)
    commits.length = 0

    const release = ada.typing({ group: 'group 7' }).startActivity('typing')
    await waitFor(() => expect(document.querySelectorAll('[data-state=typing]')).toHaveLength(1))
    await expect.poll(() => renewals, { timeout: 5000 }).toBeGreaterThanOrEqual(3)
    expect(commits).toEqual(['group 7'])

    release()
    await waitFor(() => expect(document.querySelector('[data-part=label]:not(:empty)')).toBeNull())
    // One commit for the stop, and one 150 ms later for the end of the fade.
    expect(commits).toEqual(['group 7', 'group 7', 'group 7'])
  },
)
