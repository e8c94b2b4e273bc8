import { chromium } from 'playwright'
import { expect, onTestFinished, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { freePort, startDevServer } from './dev-server.ts'
import { FIRST_PAGE_TIMEOUT, complaintsOf, eventually, screen, seesNobody, seesTyping } from './two-people-page.ts'

test('a minute of typing, then a message: at most 14 messages up and 3 down', async () => {
  const server = await startDevServer(await freePort())
  onTestFinished(() => server.stop())
  const browser = await chromium.launch(await browserLaunchOptions())
  onTestFinished(() => browser.close())
  const context = await browser.newContext({ baseURL: server.url })
  const complaints = complaintsOf(context)
  const [annsTab, bobsTab] = [await context.newPage(), await context.newPage()]
  const frames = { up: [] as string[], down: [] as string[] }
  const pings: (() => void)[] = []
  await annsTab.routeWebSocket(/socket\.io/, (page) => {
    const toServer = page.connectToServer()
    page.onMessage((frame) => {
      frames.up.push(String(frame))
      toServer.send(frame)
    })
    pings.push(() => page.send('2'))
  })
  bobsTab.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.down.push(String(payload))))
  const messageFrames = (list: string[]) => list.filter((frame) => /"om:(lease|typists|send|message)"/.test(frame))

  // Ann's page has a fake clock, so that a minute takes a few seconds.
  await annsTab.clock.install()
  await Promise.all([annsTab.goto('?only=ann'), bobsTab.goto('?only=bob')])
  const [ann, bob] = [screen(annsTab, 'Ann'), screen(bobsTab, 'Bob')]
  await Promise.all([ann.untilOnline(FIRST_PAGE_TIMEOUT), bob.untilOnline(FIRST_PAGE_TIMEOUT)])
  // Ann's page has two connections: one for the chat, one for the figures. Both have upgraded from long-polling.
  await expect.poll(() => frames.up.filter((frame) => frame === '5').length).toBeGreaterThanOrEqual(2)

  for (let second = 1; second <= 60; second++) {
    await annsTab.clock.runFor(1000)
    // The server pings every 25 s of real time, which is too rare for the fake clock.
    if (second % 20 === 0) for (const ping of pings) ping()
    for (let key = 0; key < 5; key++) await ann.message.press('x')
    if (second === 1) await seesTyping(bob)
  }
  await seesTyping(bob)
  await ann.message.press('Enter')
  await eventually(bob.log.getByText('x'.repeat(300)), 'visible', 1000)
  await seesNobody(bob)
  expect(messageFrames(frames.up).length).toBeGreaterThan(11)
  expect(messageFrames(frames.up).length).toBeLessThanOrEqual(14)
  expect(messageFrames(frames.down).length).toBeLessThanOrEqual(3)
  expect(complaints).toEqual([])
})
