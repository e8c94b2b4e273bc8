/**
 * `npm run picture`: records the moving pictures of the README, docs/images/two-people-light.webp and
 * docs/images/two-people-dark.webp. Ann and Bob type to each other on the page of `npm start`, through its real server,
 * in a headless Chromium. Every time in the picture is the time it really took.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import sharp from 'sharp'
import { wholeBrowserLaunchOptions } from './browser.mjs'

const pathOf = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url))
const imagesFolder = pathOf('docs/images/')
const fontFile = fileURLToPath(import.meta.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'))

/** In CSS pixels. The picture has twice as many in each direction, so that its text is crisp on every screen. */
const size = { width: 800, height: 316 }
const pixelRatio = 2
const margin = 10
const maxFramesPerSecond = 12
/** For each of the two pictures. The README loads one of them, and every clone holds both. */
const maxBytes = 250_000

/**
 * What differs from the page as it is: the same font on every machine, no controls of the example, and nothing around the two
 * screens, so that the colour of GitHub's own page shows there.
 */
const pictureStyles = `
  @font-face {
    font-family: Picture;
    font-weight: 100 900;
    src: url(data:font/woff2;base64,${readFileSync(fontFile, 'base64')});
  }
  html, .two-people { background: transparent !important; }
  .two-people { padding: ${margin}px !important; font-family: Picture, sans-serif !important; }
  .two-people > header, .two-people > footer, .controls { display: none !important; }
  .screen { block-size: ${size.height - 2 * margin}px !important; box-shadow: none !important; }
`

async function type(textbox, text) {
  await textbox.focus()
  await sleep(400)
  await textbox.pressSequentially(text, { delay: 80 })
}

async function playChat({ ann, bob }) {
  await sleep(800)
  await type(ann.textbox, 'Yes! Where do we meet?')
  await sleep(600)
  await ann.textbox.press('Enter')

  await sleep(900)
  await type(bob.textbox, 'At the station, at eight.')
  await sleep(500)
  await bob.textbox.press('Enter')
  await sleep(2000)
}

/** Takes frames until `action` has ended. Each frame has the time at which it was taken, in milliseconds. */
async function recordWhile(page, action) {
  let isPlaying = true
  const playing = action().finally(() => {
    isPlaying = false
  })

  const frames = []
  while (isPlaying) {
    const time = performance.now()
    const png = await page.screenshot({ caret: 'initial', omitBackground: true })
    frames.push({ time, png })
    const nextTime = time + 1000 / maxFramesPerSecond
    await sleep(Math.max(0, nextTime - performance.now()))
  }
  await playing
  return { frames, end: performance.now() }
}

/** Starts what `npm start` starts. */
async function startServer() {
  const server = spawn(process.execPath, [pathOf('scripts/start.mjs')], {
    env: { ...process.env, BROWSER: 'none' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: server.stdout })) {
    const address = line.match(/http:\S+/)
    if (address) return { server, url: address[0] }
  }
  throw new Error('npm start ended without an address.')
}

async function stopServer(server) {
  server.kill()
  await once(server, 'exit')
}

async function openChat(page, url) {
  await page.goto(url)
  const screen = (name) => {
    const region = page.getByRole('region', { name, exact: true })
    return { region, textbox: region.getByRole('textbox', { name: 'Message' }) }
  }
  const people = { ann: screen('Ann'), bob: screen('Bob') }
  for (const { region } of Object.values(people)) await region.getByText('Online', { exact: true }).waitFor()
  await page.addStyleTag({ content: pictureStyles })
  await page.evaluate("document.fonts.load('1em Picture')")
  return people
}

/** The chat has begun when the picture begins. */
async function sendFirstMessage({ ann, bob }) {
  const text = 'Are you coming tonight?'
  await bob.textbox.fill(text)
  await bob.textbox.press('Enter')
  await bob.textbox.blur()
  await ann.region.getByText(text).waitFor()
  // A badge that has just ended is still fading out.
  await sleep(500)
}

async function recordChat(browser, colorScheme) {
  // Each picture needs a new server, because the server keeps the chat's messages.
  const { server, url } = await startServer()
  const context = await browser.newContext({ colorScheme, viewport: size, deviceScaleFactor: pixelRatio })
  try {
    const page = await context.newPage()
    const people = await openChat(page, url)
    await sendFirstMessage(people)
    return await recordWhile(page, () => playChat(people))
  } finally {
    await context.close()
    await stopServer(server)
  }
}

/** Joins frames that look the same into one that lasts longer. */
function joinEqualFrames({ frames, end }) {
  const changes = frames.filter(({ png }, index) => index === 0 || !png.equals(frames[index - 1].png))
  return changes.map(({ time, png }, index) => {
    const nextTime = changes[index + 1]?.time ?? end
    return { png, duration: Math.round(nextTime - time) }
  })
}

/** An animated WebP that repeats for ever. Lossless is smaller here than lossy: flat colours, and few pixels change. */
function encode(frames) {
  const pages = frames.map(({ png }) => png)
  const delay = frames.map(({ duration }) => duration)
  return sharp(pages, { join: { animated: true } })
    .webp({ delay, loop: 0, lossless: true, effort: 6, minSize: true })
    .toBuffer()
}

async function makePicture(browser, colorScheme) {
  const frames = joinEqualFrames(await recordChat(browser, colorScheme))
  const picture = await encode(frames)
  const name = `two-people-${colorScheme}.webp`
  if (picture.length > maxBytes) throw new Error(`${name} has ${picture.length} bytes, more than ${maxBytes}.`)

  mkdirSync(imagesFolder, { recursive: true })
  writeFileSync(imagesFolder + name, picture)
  const seconds = frames.reduce((sum, { duration }) => sum + duration, 0) / 1000
  console.log(`${name}: ${picture.length} bytes, ${frames.length} frames, ${seconds.toFixed(1)} s`)
}

const browser = await chromium.launch(await wholeBrowserLaunchOptions())
try {
  await makePicture(browser, 'light')
  await makePicture(browser, 'dark')
} finally {
  await browser.close()
}
