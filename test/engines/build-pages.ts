/** Runs once before the tests of all engines. */
export { buildPages as setup } from '../support/engines/pages.ts'
