import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { fakePage } from '../../support/fake-page.ts'
import { startScriptedServer } from '../../support/networks/scripted-server.ts'
import { closeAll, roundTrip, until } from '../../support/server/harness.ts'

let page: ReturnType<typeof fakePage>
beforeEach(() => {
  page = fakePage()
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await closeAll()
})

async function start(tellActive: boolean) {
  const server = await startScriptedServer({ welcome: () => ({ tellActive }) })
  const socket = await server.raw('ann')
  const { connection } = createSocketTransport(socket)
  const unsubscribe = connection.subscribe(() => {})
  await until(() => connection.getState() === 'online')
  const countActive = async () => {
    await roundTrip(socket)
    return server.received('om:active').length
  }
  return { countActive, unsubscribe }
}

test('a server that asks for it learns when the page gets the focus or is shown, and not when it is hidden', async () => {
  const { countActive, unsubscribe } = await start(true)
  expect(await countActive()).toBe(0)
  page.focus()
  expect(await countActive()).toBe(1)
  page.hide()
  expect(await countActive()).toBe(1)
  page.show()
  expect(await countActive()).toBe(2)
  unsubscribe()
  page.focus()
  expect(await countActive()).toBe(2)
})

test('a server that does not ask for it learns nothing', async () => {
  const { countActive, unsubscribe } = await start(false)
  page.focus()
  page.hide()
  page.show()
  expect(await countActive()).toBe(0)
  unsubscribe()
})
