/** The rules in .dependency-cruiser.mjs and .oxlintrc.json refuse what they are there to refuse, and nothing else. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface CruiseReport {
  summary: { violations: { from: string; rule: { name: string } }[] }
}

/** A folder with `src/`, in which the imports of the cases below find something. */
const project = mkdtempSync(join(tmpdir(), 'import-rules-'))

function write(path: string, code: string) {
  const file = join(project, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, code)
}

/** The names of the rules that each file breaks. */
function cruise(): Map<string, string[]> {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      'src',
      '--config',
      join(root, '.dependency-cruiser.mjs'),
      '--output-type',
      'json',
    ],
    { cwd: project, encoding: 'utf8' },
  )
  if (stdout === '') throw new Error(`dependency-cruiser reported nothing: ${stderr}`)
  const { summary } = JSON.parse(stdout) as CruiseReport
  const brokenRules = new Map<string, string[]>()
  for (const { from, rule } of summary.violations) {
    brokenRules.set(from, [...(brokenRules.get(from) ?? []), rule.name])
  }
  return brokenRules
}

const importTargets = [
  'src/index.ts',
  'src/core/index.ts',
  'src/core/own.ts',
  'src/locales/index.ts',
  'src/react/index.ts',
  'src/server/index.ts',
  'src/testing/index.ts',
  'src/transports/memory/index.ts',
  'src/transports/socket-io/index.ts',
  'src/transports/socket-io/requests.ts',
  'test/support.ts',
  'examples/example.ts',
  'stories/story.ts',
]

/** A folder of src, what a file in it must not import, and the rule that refuses it. */
const refused = [
  ['core', "import { useState } from 'react'", 'layer core'],
  ['core', "import type { FC } from 'react'", 'layer core'],
  ['core', "import { create } from 'zustand'", 'layer core'],
  ['core', "import debug from 'debug'", 'layer core'],
  ['core', "import unknown from 'not-installed'", 'layer core'],
  ['core', "export { a } from '../react/index.ts'", 'layer core'],
  ['core', "export * from '../server/index.ts'", 'layer core'],
  ['core', "export type * from '../transports/memory/index.ts'", 'layer core'],
  ['core', "import '../index.ts'", 'layer core'],
  ['core', "const a = await import('../locales/index.ts')", 'layer core'],
  ['core', 'const a = await import(`node:fs`)', 'layer core'],
  ['core', "type A = import('react').FC", 'layer core'],
  ['core', "import fs = require('fs')", 'layer core'],
  ['core', "const fs = require('fs')", 'layer core'],
  ['core', '/// <reference types="node" />', 'layer core'],
  ['core', "/* ' */ import {\n  a,\n} from\n  'react'", 'layer core'],
  ['core', "import { a } from '../../test/support.ts'", 'layer core'],
  ['core/deeper', "import { a } from '../../locales/index.ts'", 'layer core'],
  ['react', "import { a } from '../transports/memory/index.ts'", 'layer react'],
  ['react', "import { a } from '../index.ts'", 'layer react'],
  ['react', "import { createPortal } from 'react-dom'", 'layer react'],
  ['react', "const a = <p>{await import('../server/index.ts')}</p>", 'layer react'],
  ['react', "import { a } from '../../stories/story.ts'", 'layer react'],
  ['react', "import type { Socket } from 'socket.io-client'", 'layer react'],
  ['transports/memory', "import { a } from '../socket-io/index.ts'", 'layer transports/memory'],
  ['transports/memory', "import { a } from '../socket-io/requests.ts'", 'layer transports/memory'],
  ['transports/memory', "import { a } from '../../react/index.ts'", 'layer transports/memory'],
  ['transports/socket-io', "import { a } from '../memory/index.ts'", 'layer transports/socket-io'],
  ['transports/socket-io', "import { io } from 'socket.io-client'", 'types only'],
  ['transports/socket-io', "import type { Server } from 'socket.io'", 'layer transports/socket-io'],
  ['transports/tencent-chat', "import chat from '@tencentcloud/chat'", 'types only'],
  ['server', "import { Server } from 'socket.io'", 'types only'],
  ['server', "import { a } from '../transports/socket-io/index.ts'", 'layer server'],
  ['server', "import ws from 'ws'", 'layer server'],
  ['server', "import { a } from '../../examples/example.ts'", 'layer server'],
  ['testing', "import { a } from '../server/index.ts'", 'layer testing'],
  ['redis', "import { a } from '../server/index.ts'", 'layer redis'],
  ['redis', "import { createClient } from 'redis'", 'layer redis'],
  ['nats', "import type { NatsConnection } from '@nats-io/transport-node'", 'layer nats'],
  ['locales', "import { a } from '../react/index.ts'", 'layer locales'],
  ['other', "import { a } from '../core/index.ts'", 'every file is in a layer'],
] as const

const allowed = [
  ['core', "import { createStore } from 'zustand/vanilla'\nimport { a } from './own.ts'"],
  ['core', "// import { a } from 'react'\nconst text = \"import { a } from 'react'\""],
  ['core/deeper', "import { a } from '../own.ts'"],
  ['react', "import { useState } from 'react'\nimport { a } from '../core/index.ts'\nimport { create } from 'zustand'"],
  ['transports/socket-io', "import type { Socket } from 'socket.io-client'\nimport { a } from './requests.ts'"],
  ['transports/socket-io', "import { a } from './index.ts'\nimport { c } from '../../core/index.ts'"],
  ['transports/tencent-chat', "import type chat from '@tencentcloud/chat'"],
  ['server', "import { randomUUID } from 'node:crypto'\nimport type { Server } from 'socket.io'"],
  ['server', "import debug from 'debug'"],
  ['testing', "import { a } from '../core/index.ts'"],
] as const

const refusedFile = (index: number) => `src/${refused[index]![0]}/refused-${index}.tsx`
const allowedFile = (index: number) => `src/${allowed[index]![0]}/allowed-${index}.tsx`

let brokenRules: Map<string, string[]>

beforeAll(() => {
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction')
  for (const path of importTargets) write(path, 'export const a = 1\n')
  write('src/index.ts', "export * from './core/index.ts'\nexport * from './react/index.ts'\n")
  for (const [index, [, code]] of refused.entries()) write(refusedFile(index), `${code}\n`)
  for (const [index, [, code]] of allowed.entries()) write(allowedFile(index), `${code}\n`)

  write('src/core/first.ts', "import type { Second } from './second.ts'\nexport interface First { second: Second }\n")
  write('src/core/second.ts', "import type { First } from './first.ts'\nexport interface Second { first: First }\n")
  write('src/server/a.ts', "import { b } from './b.ts'\nexport const a = b\n")
  write('src/server/b.ts', "export { c as b } from './c.ts'\n")
  write('src/server/c.ts', "import type { a } from './a.ts'\nexport const c = 1 as unknown as typeof a\n")
  brokenRules = cruise()
})

afterAll(() => rmSync(project, { recursive: true }))

describe('dependency-cruiser', () => {
  test.each(refused.map(([folder, code, rule], index) => ({ folder, code, rule, index })))(
    'refuses in $folder: $code',
    ({ rule, index }) => {
      expect(brokenRules.get(refusedFile(index))).toEqual([rule])
    },
  )

  test.each(allowed.map(([folder, code], index) => ({ folder, code, index })))(
    'allows in $folder: $code',
    ({ index }) => {
      expect(brokenRules.get(allowedFile(index))).toBeUndefined()
    },
  )

  test('allows index.ts the core and the hooks', () => {
    expect(brokenRules.get('src/index.ts')).toBeUndefined()
  })

  test('refuses two files whose types import each other', () => {
    expect(brokenRules.get('src/core/first.ts')).toEqual(['no cycle'])
  })

  test('refuses a cycle of three files with one type import in it', () => {
    expect(brokenRules.get('src/server/a.ts')).toEqual(['no cycle'])
  })
})

const needsUseClient = ["A file that calls a hook or uses a context begins with 'use client'."]
const needlessUseClient = ["This file calls no hook and uses no context: remove 'use client'."]
const needsStaticImport = ['Import with `import … from`, so that the rules about imports see it.']
const needsCode = ['Make the error with createError of core/errors.ts, which gives it a code.']
const needsNoPage = [expect.stringMatching(/^Unexpected use of '\w+'/)]

/** The path of a file, where `*` is a name that no other case has, what is in it, and what oxlint says. */
const linted: [path: string, code: string, messages: unknown[]][] = [
  ['src/react/*.tsx', "import { useState } from 'react'\nuseState()", needsUseClient],
  ['src/react/*.tsx', 'React.useState()', needsUseClient],
  ['src/react/*.tsx', 'const c = use(thing)', needsUseClient],
  ['src/react/*.tsx', 'const c = <ThingContext value={1} />', needsUseClient],
  ['src/react/*.tsx', "canvas.getContext('2d')", []],
  ['src/react/*.tsx', 'const c = createContext(1)', needsUseClient],
  ['src/react/*.tsx', "'use client'\nexport const a = 1", needlessUseClient],
  ['src/react/*.tsx', "/** doc */\n'use client'\nuseState()", []],
  ['src/react/*.tsx', "import 'b'\n'use client'\nuseState()", needsUseClient],
  ['src/react/*.tsx', 'export const used = 1\nuser()', []],
  ['src/core/*.ts', 'export const a = await import(name)', needsStaticImport],
  ['src/core/*.ts', "import fs = require('fs')", needsStaticImport],
  ['src/core/*.ts', "declare module 'react' {}", needsStaticImport],
  ['src/react/*.ts', "declare module 'react' {}", needsStaticImport],
  ['src/core/*.ts', 'const b = document.title', needsNoPage],
  ['src/core/*.ts', 'addEventListener("focus", listener)', needsNoPage],
  ['src/core/*.ts', 'globalThis.thing = 1', needsNoPage],
  ['src/core/deeper/*.ts', 'const b = window', needsNoPage],
  ['src/core/*.ts', 'c.window\nlet d: { navigator: 1 }', []],
  ['src/core/*.ts', 'structuredClone(1)', needsNoPage],
  ['src/core/page-lifecycle.ts', 'const b = document.title', []],
  ['src/core/deeper/page-lifecycle.ts', 'const b = document.title', []],
  ['src/locales/*.ts', 'structuredClone(1)', needsNoPage],
  ['src/locales/*.ts', 'export const a = /(?<=b)c/', ['Older browsers do not have it.']],
  ['src/server/*.ts', 'export const a = /(?<=b)c/', []],
  ['src/server/*.ts', "throw new Error('a')", needsCode],
  ['src/server/*.ts', "const f = () => { return new TypeError('a') }", needsCode],
  ['src/server/*.ts', "console.warn('a')", ['Give the text a code: withCode of core/errors.ts.']],
  ['src/server/*.ts', "console.warn(withCode('code', 'a'))", []],
  ['src/testing/*.ts', "throw new Error('a')", []],
  [
    'src/transports/socket-io/*.ts',
    "import { type Socket } from 'socket.io-client'",
    [expect.stringContaining('side effect import')],
  ],
]

const lintedFile = (index: number) => linted[index]![0].replace('*', `case-${index}`)

/** What depends on types, or on how the rest of a file uses a thing, says nothing about the short pieces of code above. */
const linterRules = new Set([
  'project(static-imports)',
  'project(error-codes)',
  'project(use-client)',
  'project(no-lookbehind)',
  'eslint(no-restricted-globals)',
  'typescript(no-import-type-side-effects)',
])

interface Diagnostic {
  readonly message: string
  /** `plugin(rule)` */
  readonly code: string
  readonly filename: string
}

function lint(): Diagnostic[] {
  for (const file of ['.oxlintrc.json', 'scripts/lint-rules.mjs', 'tsconfig.json']) {
    write(file, readFileSync(join(root, file), 'utf8'))
  }
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/oxlint/bin/oxlint'), 'src', '--format', 'json'],
    { cwd: project, encoding: 'utf8' },
  )
  if (!stdout.startsWith('{')) throw new Error(`oxlint reported nothing: ${stdout}${stderr}`)
  return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics
}

describe('oxlint', () => {
  let found: Diagnostic[]

  beforeAll(() => {
    for (const [index, [, code]] of linted.entries()) write(lintedFile(index), `${code}\n`)
    write('src/server/promise.ts', 'const f = async () => {}\nf()\n')
    found = lint()
  })

  test.each(linted.map(([path, code, messages], index) => ({ path, code, messages, index })))(
    'looks in $path at: $code',
    ({ messages, index }) => {
      const said = found.filter(({ filename, code }) => filename === lintedFile(index) && linterRules.has(code))
      expect(said.map(({ message }) => message)).toEqual(messages)
    },
  )

  test('reads types', () => {
    const said = found.filter(({ filename }) => filename === 'src/server/promise.ts').map(({ code }) => code)
    expect(said).toContain('typescript(no-floating-promises)')
  })
})
