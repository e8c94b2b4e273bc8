import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { callsIn, directivesOf, importsOf, namesIn } from './imports.ts'

const src = fileURLToPath(new URL('../../src', import.meta.url))
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/.test(path))
const read = (path: string) => readFileSync(`${src}/${path}`, 'utf8')

interface Layer {
  /** Layers it may import besides itself. */
  readonly layers: readonly string[]
  /** Packages it may import, and those of which types only. */
  readonly packages?: readonly string[]
  readonly types?: readonly string[]
  readonly node?: boolean
}

/** `zustand` itself loads React, `zustand/vanilla` does not. */
const VANILLA = 'zustand/vanilla'

const LAYERS: Readonly<Record<string, Layer>> = {
  core: { layers: [], packages: [VANILLA] },
  locales: { layers: ['core'] },
  testing: { layers: ['core'], packages: [VANILLA] },
  react: { layers: ['core'], packages: ['react', 'zustand', VANILLA] },
  server: { layers: ['core'], packages: [VANILLA], types: ['socket.io'], node: true },
  'transports/memory': { layers: ['core'], packages: [VANILLA] },
  'transports/broadcast-channel': { layers: ['core'], packages: [VANILLA] },
  'transports/socket-io': { layers: ['core'], packages: [VANILLA], types: ['socket.io-client'] },
  'transports/tencent-chat': { layers: ['core'], packages: [VANILLA], types: ['@tencentcloud/chat'] },
  'index.ts': { layers: ['react', 'core'] },
}

/** `core/client.ts` is of `core`; of the transports each one is a layer: `transports/memory.ts`, `transports/memory/*`. */
function layerOf(path: string): string {
  const [first = '', second = ''] = path.split('/')
  return first === 'transports' ? `${first}/${second.replace(/\.tsx?$/, '')}` : first
}

/** What a file imports and must not, in words. */
function problemsOf(path: string, source: string): string[] {
  const name = layerOf(path)
  const layer = LAYERS[name]
  if (!layer) return [`${path} is in no known layer`]
  const { layers, packages = [], types = [], node = false } = layer
  return importsOf(path, source).flatMap(({ specifier, isTypeOnly }) => {
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined
    const isAllowed =
      target === undefined
        ? packages.includes(specifier) ||
          (types.includes(specifier) && isTypeOnly) ||
          (node && specifier.startsWith('node:'))
        : [name, ...layers].includes(layerOf(target))
    return isAllowed ? [] : [`${path} imports ${specifier}`]
  })
}

describe('the sources', () => {
  test('are found', () => {
    expect(files).toContain('core/client.ts')
    expect(files).toContain('transports/memory/index.ts')
    expect(files.length).toBeGreaterThan(30)
  })

  test('import what their layer may, and nothing else', () => {
    expect(files.flatMap((path) => problemsOf(path, read(path)))).toEqual([])
  })

  test('use a global of the page nowhere in the core but in page.ts', () => {
    const globals = ['document', 'window', 'navigator', 'location', 'globalThis', 'addEventListener']
    const users = files.filter((path) => {
      const names = path.startsWith('core/') ? namesIn(path, read(path)) : new Set<string>()
      return globals.some((name) => names.has(name))
    })
    expect(users).toEqual(['core/page-lifecycle.ts'])
  })

  test('say "use client" exactly where src/react calls hooks or has to do with a context', () => {
    const needsIt = (path: string) => {
      if (!path.startsWith('react/')) return false
      const source = read(path)
      const callsHooks = [...callsIn(path, source)].some((name) => /^use($|[A-Z])/.test(name))
      return callsHooks || [...namesIn(path, source)].some((name) => name.endsWith('Context'))
    }
    const saysIt = (path: string) => directivesOf(path, read(path)).includes('use client')
    expect(files.filter(saysIt)).toEqual(files.filter(needsIt))
    expect(files.filter(saysIt).length).toBeGreaterThan(0)
  })
})

describe('this test', () => {
  test.each([
    ['core/a.ts', "import { useState } from 'react'"],
    ['core/a.ts', "import type { FC } from 'react'"],
    ['core/a.ts', "import { create } from 'zustand'"],
    ['core/a.ts', "export { a } from '../react/index.ts'"],
    ['core/a.ts', "export * from '../server/index.ts'"],
    ['core/a.ts', "export type * from '../transports/memory.ts'"],
    ['core/a.ts', "import '../index.ts'"],
    ['core/a.ts', "const a = await import('../locales/index.ts')"],
    ['core/a.ts', 'const a = await import(`node:fs`)'],
    ['core/a.ts', 'const a = await import(name)'],
    ['core/a.ts', "type A = import('socket.io').Server"],
    ['core/a.ts', "import fs = require('fs')"],
    ['core/a.ts', "const fs = require('fs')"],
    ['core/a.ts', "declare module 'react' {}"],
    ['core/a.ts', '/// <reference types="node" />'],
    ['core/a.ts', "/* ' */ import {\n  a,\n} from\n  'react'"],
    ['react/a.tsx', "import { a } from '../transports/memory.ts'"],
    ['react/a.tsx', "import { a } from '../index.ts'"],
    ['react/a.tsx', "import { createPortal } from 'react-dom'"],
    ['react/a.tsx', "const a = <p>{await import('../server/index.ts')}</p>"],
    ['transports/memory.ts', "import { a } from './socket-io.ts'"],
    ['transports/memory.ts', "import { a } from './socket-io/requests.ts'"],
    ['transports/socket-io/requests.ts', "import { a } from '../memory.ts'"],
    ['transports/socket-io.ts', "import { io } from 'socket.io-client'"],
    ['transports/socket-io.ts', "import { type Socket } from 'socket.io-client'"],
    ['server/index.ts', "import { Server } from 'socket.io'"],
    ['server/index.ts', "import { a } from '../transports/socket-io.ts'"],
    ['server/index.ts', "import ws from 'ws'"],
    ['locales/index.ts', "import { a } from '../react/index.ts'"],
    ['index.ts', "export * from './server/index.ts'"],
    ['other/a.ts', ''],
  ])('finds what is wrong in %s: %s', (path, source) => {
    expect(problemsOf(path, source)).toHaveLength(1)
  })

  test.each([
    ['core/a.ts', "import { createStore } from 'zustand/vanilla'\nimport { a } from './b.ts'"],
    ['core/a.ts', "// import { a } from 'react'\nconst text = \"import { a } from 'react'\""],
    ['react/a.tsx', "import { useState } from 'react'\nimport { a } from '../core/index.ts'"],
    ['transports/socket-io.ts', "import type { Socket } from 'socket.io-client'\nimport { a } from './socket-io/b.ts'"],
    ['transports/socket-io/b.ts', "import { a } from '../socket-io.ts'\nimport { c } from '../../core/index.ts'"],
    ['server/a.ts', "import { randomUUID } from 'node:crypto'\nimport type { Server } from 'socket.io'"],
    ['index.ts', "export * from './core/index.ts'\nexport * from './react/index.ts'"],
  ])('lets be what is right in %s: %s', (path, source) => {
    expect(problemsOf(path, source)).toEqual([])
  })

  test('sees calls, names and directives', () => {
    expect(callsIn('a.tsx', 'React.useState(); use(C); createContext(0)')).toEqual(
      new Set(['useState', 'use', 'createContext']),
    )
    expect(namesIn('a.ts', 'const b = document.title; c.window; type D = { navigator: 1 }')).toEqual(
      new Set(['b', 'document', 'c', 'D']),
    )
    expect(directivesOf('a.ts', "/** doc */\n'use client'\nimport 'b'")).toEqual(['use client'])
    expect(directivesOf('a.ts', "import 'b'\n'use client'")).toEqual([])
  })
})
