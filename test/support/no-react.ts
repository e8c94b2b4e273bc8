/** Stands in for React while the core is tested: whoever loads it fails the test. */
throw new Error('React was loaded by src/core or its tests. The core does without: import from zustand/vanilla.')
