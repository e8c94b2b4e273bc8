/** Takes React's place while the core is tested: a test fails if anything loads it. */
throw new Error('React was loaded by src/core or its tests. The core works without it: import from zustand/vanilla.')
