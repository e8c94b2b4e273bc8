import type { ApiEntry } from '../../.storybook/api.ts'

/** The docstrings of the library. Empty here, because .storybook/vite.config.ts replaces this module. */
export const api: readonly ApiEntry[] = []
