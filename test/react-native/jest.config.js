/** Runs the packed package, which test/e2e/react-native.test.ts has unpacked into node_modules. */
module.exports = {
  preset: '@react-native/jest-preset',
  testMatch: ['<rootDir>/*.test.tsx'],
  setupFiles: ['<rootDir>/support/real-app-state.ts'],
  // The example finds its packages here, and above all the same React.
  modulePaths: ['<rootDir>/node_modules'],
  moduleNameMapper: { '^react($|/.*)': '<rootDir>/node_modules/react$1' },
  // The first rendering loads and compiles React Native, part by part: half a minute on a busy machine.
  testTimeout: 120_000,
}
