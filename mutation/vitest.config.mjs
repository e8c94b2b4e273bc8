/** The projects of the root's configuration that belong to the area that is measured: see areas.mjs. */
import { defineConfig } from 'vitest/config'
import everything from '../vitest.config.ts'
import { areas } from './areas.mjs'

const area = areas[process.env.MUTATION_AREA ?? 'core']

const isMeasured = ({ test }) => area.projects.includes(test.name)

const withItsTests = (project) => ({
  ...project,
  test: {
    ...project.test,
    include: area.include ?? project.test.include,
    // Tests with random input take most of the time, and notice a change only by chance.
    exclude: ['**/*.property.test.ts', '**/node_modules/**'],
    // With shared modules Stryker loses what all files but the first have run.
    isolate: true,
    // Stryker counts what a line runs for the test that runs: only one may.
    maxConcurrency: 1,
    // A test must not fail because Stryker works beside it.
    testTimeout: 60_000,
  },
})

export default defineConfig({ test: { projects: everything.test.projects.filter(isMeasured).map(withItsTests) } })
