/**
 * What `npm run compat` tries: one row for each thing that the package has to work with, and the only place with versions of
 * these things. A row has a folder of its own, into which npm installs its packages and the packed library. `files` are
 * folders of test/compat whose files are copied into it.
 *
 * What a row does, in this order:
 *
 * - `checked`: scripts/check-package.mjs has to have printed these lines;
 * - `build`: a Node with these arguments has to succeed; `kind` is given as well;
 * - `serve`: a Node with these arguments serves a page at PORT. Two people open it in Chromium, and each has to see the other
 *   one type and stop;
 * - `run`: these commands have to succeed. The first word is a file in the folder of the row, or `node`;
 * - `runInPackage`: so do these programs of test/package, with the first program of `run`.
 */
const socketIo = { 'socket.io': '4.8.4', 'socket.io-client': '4.8.4' }
const react = { ...socketIo, react: '19.3.1', 'react-dom': '19.3.1' }
const oldReact = { ...socketIo, react: '18.2.0', 'react-dom': '18.2.0' }
const page = { files: ['two-people'], build: ['build.mjs'], serve: ['static.mjs'] }

const bundlers = [
  { ...page, name: 'Vite', version: '8.3.8', packages: { ...react, vite: '8.3.8' }, project: 'vite' },
  {
    ...page,
    name: 'webpack 5',
    version: '5.113.0',
    packages: { ...react, webpack: '5.113.0', 'css-loader': '7.1.5', 'style-loader': '4.0.0' },
    project: 'webpack',
  },
  {
    ...page,
    name: 'webpack 4, packages compiled with Babel',
    version: '4.47.0',
    packages: {
      ...react,
      webpack: '4.47.0',
      'css-loader': '5.2.7',
      'style-loader': '2.0.0',
      'babel-loader': '8.4.1',
      '@babel/core': '7.29.13',
      '@babel/preset-env': '7.29.14',
    },
    project: 'webpack',
    kind: 'webpack-4',
  },
  {
    ...page,
    name: 'Rspack',
    version: '2.3.3',
    packages: { ...react, '@rspack/core': '2.3.3', 'css-loader': '7.1.5', 'style-loader': '4.0.0' },
    project: 'webpack',
    kind: 'rspack',
  },
  {
    ...page,
    name: 'Parcel, its default resolver',
    version: '2.16.4',
    packages: { ...react, parcel: '2.16.4' },
    project: 'parcel',
    build: ['node_modules/parcel/lib/bin.js', 'build', 'index.html', '--no-cache', '--no-source-maps'],
  },
  { ...page, name: 'esbuild', version: '0.28.2', packages: { ...react, esbuild: '0.28.2' }, project: 'esbuild' },
  {
    ...page,
    name: 'Rollup',
    version: '4.68.8',
    packages: {
      ...react,
      rollup: '4.68.8',
      '@rollup/plugin-commonjs': '29.0.3',
      '@rollup/plugin-node-resolve': '16.0.3',
      '@rollup/plugin-replace': '6.0.3',
    },
    project: 'rollup',
  },
  ...['with', 'without'].map((word) => ({
    ...page,
    name: `Metro, ${word} package exports`,
    version: '0.87.1',
    packages: { ...react, metro: '0.87.1', '@babel/core': '7.29.13', '@react-native/babel-preset': '0.88.1' },
    project: 'metro',
    kind: `${word}-exports`,
    hasNoStyles: true,
  })),
]

const reacts = [
  { ...page, name: 'React 18.2', version: '18.2.0', packages: { ...oldReact, vite: '8.3.8' }, project: 'vite' },
  {
    ...page,
    name: 'React Compiler',
    version: '1.0.0',
    packages: { ...react, vite: '8.3.8', '@babel/core': '7.29.13', 'babel-plugin-react-compiler': '1.0.0' },
    project: 'vite',
    kind: 'compiler',
  },
  ...['10.29.8', '11.2.0'].map((version) => ({
    ...page,
    name: `Preact ${version.split('.')[0]}, preact/compat`,
    version,
    packages: { ...react, vite: '8.3.8', preact: version },
    project: 'vite',
    kind: 'preact',
  })),
]

const frameworks = [
  {
    name: 'Next, App Router, own server',
    version: '16.4.6',
    packages: { ...react, next: '16.4.6' },
    files: ['two-people'],
    project: 'next',
    build: ['node_modules/next/dist/bin/next', 'build'],
    serve: ['server.mjs'],
  },
  {
    name: 'React Router, rendered on the server',
    version: '7.18.4',
    packages: {
      ...react,
      'react-router': '7.18.4',
      '@react-router/dev': '7.18.4',
      '@react-router/express': '7.18.4',
      '@react-router/node': '7.18.4',
      express: '5.3.0',
      isbot: '5.2.3',
      vite: '8.3.8',
    },
    files: ['two-people'],
    project: 'react-router',
    build: ['node_modules/@react-router/dev/bin.js', 'build'],
    serve: ['server.mjs'],
  },
]

const onLinux = 'linux-x64'
const bothFormats = (program) => [
  [program, 'imported.mjs'],
  [program, 'required.cjs'],
]
const runtimes = [
  ...['20.11.1', '20.18.3', '20.20.2', '22.11.0', '22.23.3', '24.21.0'].map((version) => ({
    name: `Node ${version.split('.').slice(0, 2).join('.')}, import and require`,
    version,
    packages: { ...socketIo, [`node-${onLinux}`]: version },
    project: 'runtime',
    run: bothFormats(`node_modules/node-${onLinux}/bin/node`),
    runInPackage: version === '20.11.1' ? ['two-copies.mjs'] : [],
  })),
  {
    name: 'Bun, import and require',
    version: '1.4.5',
    packages: { ...socketIo, [`@oven/bun-${onLinux}`]: '1.4.5' },
    project: 'runtime',
    run: bothFormats(`node_modules/@oven/bun-${onLinux}/bin/bun`),
  },
  {
    name: 'Deno, import',
    version: '2.9.6',
    packages: { ...socketIo, [`@deno/${onLinux}-glibc`]: '2.9.6' },
    project: 'runtime',
    run: [[`node_modules/@deno/${onLinux}-glibc/deno`, 'run', '--allow-all', 'imported.mjs']],
  },
]

const SERVERS = ['4.1.3', '4.2.0', '4.3.2', '4.4.1', '4.5.4', '4.6.2', '4.7.5', '4.8.4']
const CLIENTS = ['4.0.2', ...SERVERS]
const minorOf = (version) => version.split('.').slice(0, 2).join('.')
const aliases = (side, name, versions) =>
  Object.fromEntries(versions.map((version) => [`${side}-${minorOf(version)}`, `npm:${name}@${version}`]))
const socketIos = [
  {
    name: 'Socket.IO 4.1 to 4.8 with clients 4.0 to 4.8, 72 pairs',
    version: '4.1.3 to 4.8.4',
    packages: { ...aliases('server', 'socket.io', SERVERS), ...aliases('client', 'socket.io-client', CLIENTS) },
    files: ['runtime'],
    project: 'socket-io',
    run: [['node', 'pairs.mjs']],
  },
  {
    name: 'Socket.IO 4.0 with several nodes: a warning',
    version: '4.0.2',
    packages: { ...aliases('server', 'socket.io', ['4.0.2']), '@socket.io/redis-adapter': '7.0.1' },
    project: 'socket-io',
    run: [['node', 'too-old.mjs']],
  },
]

const testRunners = [
  ...['29', '30'].map((version) => ({
    name: `Jest ${version}, CommonJS`,
    version: { 29: '29.7.0', 30: '30.5.2' }[version],
    checked: [`Jest ${version}, without configuration`],
  })),
  {
    name: 'Vitest',
    version: '4.1.12',
    packages: {
      ...react,
      vitest: '4.1.12',
      jsdom: '26.1.0',
      '@testing-library/react': '16.3.3',
      '@testing-library/dom': '10.4.2',
    },
    project: 'vitest',
    build: ['node_modules/vitest/vitest.mjs', 'run'],
  },
]

const checkedTypes = (version, ...settings) => settings.map((setting) => `types, TypeScript ${version}, ${setting}`)
const typeScripts = [
  {
    name: 'TypeScript 5.9: node10, node16, nodenext, bundler',
    version: '5.9.3',
    checked: checkedTypes('5.9', 'node10, commonjs', 'node16, commonjs', 'nodenext, module', 'bundler, module'),
  },
  {
    name: 'TypeScript 6: node10, nodenext (CommonJS and ES modules), bundler',
    version: '6.0.3',
    checked: checkedTypes('6', 'node10, commonjs', 'nodenext, commonjs', 'nodenext, module', 'bundler, module'),
  },
  {
    name: 'TypeScript 7: nodenext (CommonJS and ES modules), bundler',
    version: '7.0.2',
    checked: checkedTypes('7', 'nodenext, commonjs', 'nodenext, module', 'bundler, module'),
  },
]

/** In the order of the table. */
export const rows = [...bundlers, ...frameworks, ...reacts, ...runtimes, ...socketIos, ...testRunners, ...typeScripts]
