import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { describe, expect, test } from 'vitest'
import { LANGUAGES } from '../../stories/languages.ts'

const src = fileURLToPath(new URL('../../src/', import.meta.url))

/** The code of an app that consists of this one line. */
async function bundled(line: string, moduleSideEffects?: true): Promise<string> {
  const app = `${src}app.js`
  const output = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [
      { name: 'app', resolveId: (id) => (id === app ? id : undefined), load: (id) => (id === app ? line : undefined) },
    ],
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input: app,
        external: [/^react(-dom)?($|\/)/],
        // Like a bundler that does not read package.json's "sideEffects".
        ...(moduleSideEffects ? { treeshake: { moduleSideEffects } } : {}),
      },
    },
  })
  return (output as Rolldown.RolldownOutput).output[0].code
}

/** The languages whose words are in the code. No two languages have the same words for the other party. */
const languages = (code: string) =>
  Object.keys(LANGUAGES).filter((name) => new RegExp(`["'\`]${LANGUAGES[name]!.party}["'\`]`).test(code))

describe('an app bundles only the languages that it imports', () => {
  test.each(Object.keys(LANGUAGES))('%s', async (name) => {
    const line = `import { ${name} } from '${src}locales/index.ts'; console.log(${name})`
    expect(languages(await bundled(line))).toEqual([name])
    expect(languages(await bundled(line, true))).toEqual([name])
  })

  test('the library itself bundles English only, the default', async () => {
    const line = `import * as library from '${src}index.ts'; console.log(library)`
    expect(languages(await bundled(line))).toEqual(['en'])
  })
})
