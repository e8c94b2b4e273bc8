import { chromium } from 'playwright'
import { expect, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { freePort, startDevServer } from './dev-server.ts'

test('the story Live / Two people talks to a real server on the port of npm run storybook', async () => {
  const port = await freePort()
  const [server, browser] = await Promise.all([
    startDevServer(port, 'storybook'),
    browserLaunchOptions().then((options) => chromium.launch(options)),
  ])
  try {
    expect(new URL(server.url).port).toBe(String(port))
    const page = await browser.newPage()
    const sockets: string[] = []
    page.on('websocket', (socket) => sockets.push(socket.url()))

    await page.goto(`${server.url}?path=/story/live--two-people-typing`)
    const story = page.frameLocator('#storybook-preview-iframe')
    const [ann, bob] = ['Ann', 'Bob'].map((name) => story.getByRole('region', { name, exact: true }))
    for (const person of [ann!, bob!]) await person.getByText('Online', { exact: true }).waitFor({ timeout: 40_000 })

    await ann!.getByRole('textbox', { name: 'Message' }).press('H')
    await bob!.locator('[data-state=typing]').waitFor({ timeout: 1000 })
    await ann!.getByRole('textbox', { name: 'Message' }).press('Enter')
    await bob!.getByRole('log').getByText('H', { exact: true }).waitFor({ timeout: 1000 })
    await expect.poll(() => sockets.filter((url) => url.includes('/socket.io/')).length).toBeGreaterThanOrEqual(2)
  } finally {
    await browser.close()
    await server.stop()
  }
})
