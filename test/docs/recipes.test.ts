import { afterEach, expect, test } from 'vitest'
import { startAssistant } from '../../examples/recipes/assistant-server.ts'
import { authorizeDesk } from '../../examples/recipes/draft-server.ts'
import { closeAll, names, startServer, until } from '../support/server/harness.ts'

afterEach(closeAll)

test('the assistant of the recipe is seen thinking, answers, and is seen no longer', async () => {
  const server = await startServer({ attach: false })
  let think: (answer: string) => void = () => {}
  startAssistant({
    io: server.io,
    identify: (socket) => (socket.handshake.auth as { user: string }).user,
    ask: () => new Promise((resolve) => (think = resolve)),
  })
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const seenByAnn = await ann.watch({ user: 'assistant' })
  const seenByBob = await bob.watch({ user: 'assistant' })

  const answered = ann.socket.emitWithAck('question', 'Why?')
  await until(() => seenByAnn.at(-1)?.typists[0]?.activity === 'thinking')
  expect(names(seenByAnn.at(-1))).toEqual(['assistant'])
  think('Because.')
  expect(await answered).toBe('Because.')
  await until(() => seenByAnn.at(-1)?.total === 0)
  expect(seenByBob).toEqual([])
  expect(await ann.client.send({ user: 'bob' }, 'note', 1)).toMatchObject({ ok: false, code: 'forbidden' })
})

test('drafts of the recipe go to agents only', async () => {
  const agents = new Set(['ada'])
  const server = await startServer({ plugin: { authorize: authorizeDesk((id) => agents.has(id)) } })
  const ada = await server.connect('ada')
  const ann = await server.connect('ann')
  const drafts = await ada.hear({ user: 'ann' }, 'draft')

  expect(await ann.client.send({ user: 'ada' }, 'draft', 'My parcel')).toMatchObject({ ok: true })
  await until(() => drafts.length === 1)
  const forbidden = { ok: false, code: 'forbidden' }
  expect(await ada.client.send({ user: 'ann' }, 'draft', 'Dear Ann')).toMatchObject(forbidden)
  expect(await ann.client.send({ user: 'bob' }, 'note', 1)).toMatchObject(forbidden)
  expect(await ann.client.send({ group: 'all' }, 'note', 1)).toMatchObject(forbidden)
  expect(await ada.client.send({ user: 'ann' }, 'note', 1)).toMatchObject({ ok: true })
})
