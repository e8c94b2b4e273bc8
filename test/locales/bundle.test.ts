import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { describe, expect, test } from 'vitest'
import { LANGUAGES } from '../../stories/languages.ts'

const src = fileURLToPath(new URL('../../src/', import.meta.url))

/** What is left of the library in an app of this one line. */
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
        // As a bundler has it that does not know package.json's "sideEffects".
        ...(moduleSideEffects ? { treeshake: { moduleSideEffects } } : {}),
      },
    },
  })
  return (output as Rolldown.RolldownOutput).output[0].code
}

/** Whose words are in there. No two languages call the other party the same. */
const languages = (code: string) =>
  Object.keys(LANGUAGES).filter((name) => new RegExp(`["'\`]${LANGUAGES[name]!.party}["'\`]`).test(code))

describe('an app pays for no language but its own', () => {
  test.each(Object.keys(LANGUAGES))('%s', async (name) => {
    const line = `import { ${name} } from '${src}locales/index.ts'; console.log(${name})`
    expect(languages(await bundled(line))).toEqual([name])
    expect(languages(await bundled(line, true))).toEqual([name])
  })

  test('and for English, which is the default, only', async () => {
    const line = `import * as library from '${src}index.ts'; console.log(library)`
    expect(languages(await bundled(line))).toEqual(['en'])
  })
})
