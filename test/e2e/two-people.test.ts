import { describe, expect, test } from 'vitest'
import { SOON } from './soon.ts'
import { eventually, prepareTwoPeople, seesNobody, seesTyping } from './two-people-page.ts'

const IDLE_TIMEOUT = 4000

const { openBoth, openTabs } = prepareTwoPeople()

describe('the page of npm start', () => {
  test('shows two people, what to do, and where to find more', async () => {
    const { page, ann, bob } = await openBoth()
    expect(await page.getByText('Type in Ann’s box and watch Bob’s screen.').isVisible()).toBe(true)
    expect(await page.getByText('npm run storybook').isVisible()).toBe(true)
    expect(await ann.region.getByRole('heading').innerText()).toBe('Ann’s screen · chat with Bob')
    expect(await bob.region.getByRole('heading').innerText()).toBe('Bob’s screen · chat with Ann')
  })

  test.each([
    ['phone', 360, 740],
    ['desktop', 1280, 800],
  ])('fits a %s', async (_, width, height) => {
    const { page, ann, bob } = await openBoth()
    await page.setViewportSize({ width, height })
    await ann.message.fill('M'.repeat(200))
    await ann.message.press('Enter')
    await eventually(bob.log.getByText('M'.repeat(200)).last(), 'visible', SOON)
    const overflow = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return scrollWidth - clientWidth
    })
    expect(overflow).toBe(0)
    const [left, right] = [await ann.region.boundingBox(), await bob.region.boundingBox()]
    expect(left!.y === right!.y).toBe(width > 700)
  })

  test('reserves the space of the badge: nothing moves when somebody types', async () => {
    const { page, ann, bob } = await openBoth()
    const places = async () => [
      await bob.badge.boundingBox(),
      await bob.log.boundingBox(),
      await page.locator('.two-people > footer').boundingBox(),
    ]
    const before = await places()
    await ann.message.press('H')
    await seesTyping(bob)
    expect(await places()).toEqual(before)
  })
})

describe('typing', () => {
  test('R6: ends before its message appears, or with it', async () => {
    const { page, ann, bob } = await openBoth()
    await ann.message.pressSequentially('Before or with')
    await seesTyping(bob)
    const stateOnArrival = page.evaluate(
      (text) =>
        new Promise((resolve) => {
          const region = document.querySelector('section[aria-label=Bob]')!
          new MutationObserver(() => {
            if (!region.querySelector('[role=log]')!.textContent.includes(text)) return
            resolve(region.querySelector<HTMLElement>('[data-typing-badge]')!.dataset.state)
          }).observe(region, { subtree: true, childList: true, attributes: true })
        }),
      'Before or with',
    )
    await ann.button('Send').click()
    expect(await stateOnArrival).toBe('idle')
    expect(await ann.message.inputValue()).toBe('')
  })

  test('S3: ends within the idle timeout and one second after the last key', async () => {
    const { ann, bob } = await openBoth()
    await ann.message.press('H')
    await seesTyping(bob)
    await seesNobody(bob, IDLE_TIMEOUT + 1000)
  })

  test('R5: is not shown to a reader who is offline, and is shown again when they return', async () => {
    const { ann, bob } = await openBoth()
    await bob.button('Go offline').click()
    await eventually(bob.region.getByText('Offline', { exact: true }), 'visible', SOON)
    await ann.message.press('H')
    await seesNobody(bob)
    await bob.button('Go online').click()
    await bob.untilOnline()
    await seesTyping(bob)
  })
})

describe('reloading', () => {
  test('shows the present typists, by the button and by the browser', async () => {
    const { bobsTab, ann, bob } = await openTabs()
    await ann.message.press('H')
    await seesTyping(bob)
    await bob.button('Reload').click()
    await bob.untilOnline()
    await seesTyping(bob)
    await ann.message.press('i')
    await bobsTab.reload()
    await bob.untilOnline()
    await seesTyping(bob)
  })

  test('G2: shows nothing that is over, and every stored message', async () => {
    const { bobsTab, ann, bob } = await openTabs()
    await ann.message.pressSequentially('Kept by the server')
    await ann.message.press('Enter')
    await eventually(bob.log.getByText('Kept by the server'), 'visible', SOON)
    await bobsTab.reload()
    await eventually(bob.log.getByText('Kept by the server'), 'visible', 5000)
    await bob.untilOnline()
    await seesNobody(bob)
  })
})

test('an ordinary message waits until its sender is online again, typing does not', async () => {
  const { ann, bob } = await openBoth()
  await ann.button('Go offline').click()
  await eventually(ann.region.getByText('Offline', { exact: true }), 'visible', SOON)
  await ann.message.pressSequentially('Written offline')
  await ann.message.press('Enter')
  await eventually(ann.log.getByText('Written offline'), 'visible', SOON)
  expect(await bob.log.getByText('Written offline').count()).toBe(0)
  await ann.button('Go online').click()
  await eventually(bob.log.getByText('Written offline'), 'visible', 5000)
  await eventually(ann.region.locator('.unsent'), 'hidden', SOON)
  await seesNobody(bob)
})

test('the page shows what the server stores: messages, and nothing else', async () => {
  const { page, ann, bob } = await openBoth()
  const storedLine = page.getByText(/^The server keeps/)
  const figures = async () => (await storedLine.innerText()).match(/\d+/g)!.map(Number) as [number, number]
  await storedLine.waitFor()
  const [messages, forwarded] = await figures()
  await ann.message.press('H')
  await seesTyping(bob)
  await eventually(storedLine.filter({ hasText: 'only who is typing now' }), 'visible', SOON)
  await ann.message.press('Enter')
  await eventually(storedLine.filter({ hasText: `keeps ${messages + 1} message` }), 'visible', SOON)
  await eventually(storedLine.filter({ hasText: 'nothing' }), 'visible', SOON)
  expect((await figures())[1]).toBeGreaterThan(forwarded)
})

test('G3: the browser stores nothing: no storage, database, cache or cookie', async () => {
  const { page, ann, bob } = await openBoth()
  await ann.message.press('H')
  await seesTyping(bob)
  const traces = () =>
    page.evaluate(async () => [
      ...Object.keys(localStorage),
      ...Object.keys(sessionStorage),
      ...(await indexedDB.databases()),
      ...(await caches.keys()),
      document.cookie,
    ])
  expect(await traces()).toEqual([''])
  await ann.message.press('Enter')
  await seesNobody(bob)
  expect(await traces()).toEqual([''])
})
