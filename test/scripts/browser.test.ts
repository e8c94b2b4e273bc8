import { chromium } from 'playwright'
import { expect, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'

/** Names of features of Chromium. */
const turnedOffBy = (commandLine: string) => /--disable-features=(\S+)/.exec(commandLine)![1]!.split(',')

test('what Playwright turns off in Chromium stays turned off', async () => {
  // Node ends at once, since it does not know these arguments. The error repeats them.
  const started = chromium.launch({ executablePath: process.execPath })
  const commandLine = await started.then(String, String)
  const { args } = await browserLaunchOptions()
  expect(turnedOffBy(args.join(' '))).toEqual(expect.arrayContaining(turnedOffBy(commandLine)))
})
