/**
 * The parts of the library that are measured, each with the tests that have to notice a change in it: projects of vitest,
 * and which of their files.
 */
export const areas = {
  core: { mutate: ['src/core/**/*.ts'], projects: ['core'] },
  react: { mutate: ['src/react/**/*.{ts,tsx}'], projects: ['react'] },
  server: {
    mutate: ['src/server/**/*.ts', '!src/server/cluster/**'],
    projects: ['node'],
    include: ['test/server/**/*.test.ts'],
  },
  cluster: {
    mutate: ['src/server/cluster/**/*.ts'],
    projects: ['cluster'],
    include: ['test/server/cluster/**/*.test.ts'],
  },
  transports: {
    mutate: ['src/transports/**/*.ts'],
    projects: ['node'],
    include: ['test/{transports,testing}/**/*.test.ts'],
  },
}
