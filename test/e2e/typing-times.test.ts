/** How long typing takes, and what it costs. Nothing else runs beside these tests. */
import { expect, test } from 'vitest'
import { eventually, prepareTwoPeople, screen, seesNobody, seesTyping } from './two-people-page.ts'

const A_SECOND = 1000

const { newPage, openBoth, openTabs } = prepareTwoPeople()

test('R1: typing is shown within a second to the other person, and not to the typist', async () => {
  const { ann, bob } = await openBoth()
  await ann.message.press('H')
  await seesTyping(bob, A_SECOND)
  await seesNobody(ann)
})

test('R3: typing ends within a second when its tab is closed', async () => {
  const { annsTab, ann, bob } = await openTabs()
  await ann.message.press('H')
  await seesTyping(bob)
  await annsTab.close()
  await seesNobody(bob, A_SECOND)
})

test('R3: typing ends within a second when its typist goes offline', async () => {
  const { ann, bob } = await openBoth()
  await ann.message.press('H')
  await seesTyping(bob)
  await ann.button('Go offline').click()
  await eventually(ann.region.getByText('Offline', { exact: true }), 'visible', A_SECOND)
  await seesNobody(bob, A_SECOND)
})

test('a minute of typing, then a message: at most 14 messages up and 3 down', async () => {
  const [annsTab, bobsTab] = [await newPage(), await newPage()]
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
  await Promise.all([ann.untilOnline(), bob.untilOnline()])
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
  await eventually(bob.log.getByText('x'.repeat(300)), 'visible', A_SECOND)
  await seesNobody(bob, A_SECOND)
  expect(messageFrames(frames.up).length).toBeGreaterThan(11)
  expect(messageFrames(frames.up).length).toBeLessThanOrEqual(14)
  expect(messageFrames(frames.down).length).toBeLessThanOrEqual(3)
})
