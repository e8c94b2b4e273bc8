/**
 * Which folder of src may import what. `npm run lint:imports` checks it alone, `npm test` among all else.
 *
 * dependency-cruiser and not a rule of a linter: those rules leave type imports out when they search for cycles, and
 * two files whose types need each other are one file in two pieces.
 */

/** A file or folder of src: `transports/memory` is `transports/memory.ts` and all of `transports/memory/`. */
const source = (name) => `^src/${name}(/|\\.tsx?$)`

/** A package, or one entry point of it. */
const npm = (name) => `(^|/)node_modules/(@types/)?${name}/`

/** Not zustand's main entry point, which loads React. */
const zustandVanilla = '(^|/)node_modules/zustand/(esm/)?vanilla\\.'

const core = source('core')

/** What a bus implements, what it has in common with the others, and its errors. */
const busInterface = [source('server/cluster/bus'), source('server/cluster/bus-channels'), source('core/errors')]

/** Each layer, with everything that its files may import besides each other. */
const layers = [
  { name: 'core', may: [zustandVanilla] },
  { name: 'locales', may: [core] },
  { name: 'testing', may: [core, zustandVanilla, source('server/cluster/bus')] },
  { name: 'react', may: [core, npm('react'), npm('zustand')] },
  { name: 'react-native', may: [core, source('react'), npm('react'), npm('react-native'), '^react-native$'] },
  { name: 'server', may: [core, zustandVanilla, npm('debug'), npm('socket\\.io')], mayUseNode: true },
  { name: 'redis', may: busInterface },
  { name: 'nats', may: busInterface },
  { name: 'transports/memory', may: [core, zustandVanilla] },
  { name: 'transports/broadcast-channel', may: [core, zustandVanilla] },
  { name: 'transports/socket-io', may: [core, zustandVanilla, npm('socket\\.io-client')] },
  { name: 'transports/tencent-chat', may: [core, zustandVanilla, npm('@tencentcloud/chat')] },
  { name: 'index', may: [core, source('react')] },
]

/** Packages of the app. The library knows their types; the app hands in the objects. */
const typesOnly = ['socket\\.io', 'socket\\.io-client', '@tencentcloud/chat']

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...layers.map(({ name, may, mayUseNode }) => ({
      name: `layer ${name}`,
      severity: 'error',
      from: { path: source(name) },
      to: { pathNot: [source(name), ...may], dependencyTypesNot: mayUseNode ? ['core'] : [] },
    })),
    {
      name: 'every file is in a layer',
      comment: 'Add the new folder to the layers in .dependency-cruiser.mjs.',
      severity: 'error',
      from: { path: '^src/', pathNot: layers.map(({ name }) => source(name)) },
      to: {},
    },
    {
      name: 'types only',
      comment: 'Write `import type`: the app hands in the object, and the library does not load the package.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: typesOnly.map(npm), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no cycle',
      comment: 'Types count: move what both files need into a third one, below them.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
