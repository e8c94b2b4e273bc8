import { chromium, type Browser, type BrowserContext } from 'playwright'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { buildApp, type AppKind, type AppVersion, type BuiltApp } from './build-app.mjs'
import { enterApp, type Person } from './person.ts'

/** One version of one app, with a server and people of its own. */
export interface Scene {
  readonly version: AppVersion
  readonly url: string
  /** Opens the app in a tab of its own, and enters this name. */
  enter(name: string): Promise<Person>
  /** The same in a browser profile of its own, which has a network of its own. */
  enterInOwnProfile(name: string): Promise<Person>
}

export interface Stage {
  /** Plays the same with both versions, side by side. @returns what was seen of each */
  playBoth<Seen>(kind: AppKind, play: (scene: Scene) => Promise<Seen>): Promise<{ before: Seen; after: Seen }>
  close(): Promise<void>
}

/** Builds both versions of both apps, and starts a browser. */
export async function prepareStage(): Promise<Stage> {
  const launching = launchBrowser()
  const apps = {
    tutorial: await buildVersions('tutorial'),
    mern: await buildVersions('mern'),
  }
  const browser = await launching
  return {
    async playBoth(kind, play) {
      const { before, after } = apps[kind]
      const seen = await Promise.all([
        playWith({ app: before, version: 'before', browser }, play),
        playWith({ app: after, version: 'after', browser }, play),
      ])
      return { before: seen[0], after: seen[1] }
    },
    async close() {
      await browser.close()
      const built = [apps.tutorial.before, apps.tutorial.after, apps.mern.before, apps.mern.after]
      await Promise.all(built.map((app) => app.close()))
    },
  }
}

async function launchBrowser() {
  const { args, ...options } = await browserLaunchOptions()
  // The tabs of one scene share a process: starting one for each takes longer than the tests themselves.
  return chromium.launch({ args: [...args, '--process-per-site'], ...options })
}

async function buildVersions(kind: AppKind) {
  const before = await buildApp({ kind, version: 'before' })
  const after = await buildApp({ kind, version: 'after' })
  return { before, after }
}

async function playWith<Seen>(
  { app, version, browser }: { app: BuiltApp; version: AppVersion; browser: Browser },
  play: (scene: Scene) => Promise<Seen>,
): Promise<Seen> {
  const server = await app.startServer(0)
  // On localhost Engine.IO takes no notice of a network that is gone.
  const url = server.url.replace('localhost', '127.0.0.1')
  const contexts: BrowserContext[] = []
  const newContext = async () => {
    const context = await browser.newContext()
    contexts.push(context)
    return context
  }
  const shared = await newContext()
  try {
    return await play({
      version,
      url,
      enter: (name) => enterApp(shared, { url, name }),
      enterInOwnProfile: async (name) => enterApp(await newContext(), { url, name }),
    })
  } finally {
    await Promise.all(contexts.map((context) => context.close()))
    await server.close()
  }
}
