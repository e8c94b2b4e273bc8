import { mkdirSync, readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { mayLeaveOut } from '../../../scripts/engines.mjs'
import type { Engine, EngineLauncher, EnginePage } from '../../support/engines/engine.ts'
import { COMPLAINTS, type Pages, pictures, servePages } from '../../support/engines/pages.ts'
import { checkField } from './field.ts'
import { checkLooks } from './looks.ts'
import { checkTabs } from './tabs.ts'
import { checkTwoPeople } from './two-people.ts'

/** The rows of the table in docs/browsers.md that say "yes" in the column of this engine. */
function checksOf(engine: string): string[] {
  const page = readFileSync(new URL('../../../docs/browsers.md', import.meta.url), 'utf8')
  const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  const header = rows.find((cells) => cells[1] === 'where') ?? []
  const column = header.indexOf(engine)
  return rows.filter((cells) => cells[column] === 'yes').map(([, where, what]) => `${where} | ${what}`)
}

/** What the checks of one engine share. It is complete before the first test. */
export interface Bench {
  readonly name: string
  readonly engine: Engine
  readonly pages: Pages
  /** Opens a page in a window that the next test may use again. The page's console has to stay empty. */
  open(url: string): Promise<EnginePage>
  /** The same in a new window, which is closed after the test: for a test that changes its size, for example. */
  openNewWindow(url: string): Promise<EnginePage>
  /** Closes a window within a test. */
  close(page: EnginePage): Promise<void>
}

/** Runs all checks in one engine. A run that may leave out a missing engine says so. */
export function checkEngine(name: string, launcher: EngineLauncher | undefined): void {
  if (!launcher) {
    test(`LEFT OUT, since ${name} is missing here: all checks in ${name}`, () => {
      console.warn(`Nothing was tested in ${name}. CONTRIBUTING.md says how to install it.`)
      expect(mayLeaveOut, `${name} is missing, and this run may not leave it out`).toBe(true)
    })
    return
  }

  describe(name, () => {
    let engine: Engine
    let pages: Pages
    const cleanups: (() => Promise<void>)[] = []
    const opened = new Set<EnginePage>()
    const newWindows = new Set<EnginePage>()
    /** Windows whose test is over. A window costs an engine more than most tests do. */
    const idleWindows: EnginePage[] = []

    beforeAll(async () => {
      mkdirSync(pictures, { recursive: true })
      pages = await servePages()
      cleanups.push(() => pages.close())
      engine = await launcher.launch()
      cleanups.push(() => engine.close())
      console.log(`${name} ${engine.version}`)
    })
    afterAll(async () => {
      for (const cleanUp of cleanups.reverse()) await cleanUp()
    })

    const expectNoComplaints = async (page: EnginePage) => {
      expect(await page.evaluate((key) => sessionStorage.getItem(key), COMPLAINTS)).toBe(null)
    }
    const close = async (page: EnginePage) => {
      opened.delete(page)
      newWindows.delete(page)
      await expectNoComplaints(page)
      await page.close()
    }
    afterEach(async () => {
      for (const page of newWindows) await close(page)
      for (const page of opened) {
        opened.delete(page)
        await expectNoComplaints(page)
        await page.goto('about:blank')
        idleWindows.push(page)
      }
    })

    const bench: Bench = {
      name,
      get engine() {
        return engine
      },
      get pages() {
        return pages
      },
      async open(url) {
        const idleWindow = idleWindows.pop()
        await idleWindow?.goto(url)
        const page = idleWindow ?? (await engine.open(url))
        opened.add(page)
        return page
      },
      async openNewWindow(url) {
        const page = await engine.open(url)
        newWindows.add(page)
        return page
      },
      close,
    }
    checkTwoPeople(bench)
    checkTabs(bench)
    checkField(bench)
    checkLooks(bench)

    test('docs/browsers.md lists exactly these checks', ({ task }) => {
      const [suite] = task.file.tasks
      const groups = suite?.type === 'suite' ? suite.tasks.filter((group) => group.type === 'suite') : []
      const checks = groups.flatMap((group) => group.tasks.map((check) => `${group.name} | ${check.name}`))
      expect(checksOf(name)).toEqual(checks)
    })
  })
}
