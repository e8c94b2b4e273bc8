import type { ApiEntry } from '../../.storybook/api.ts'

/** What the docstrings say. Empty here: .storybook/vite.config.ts fills it in. */
export const api: readonly ApiEntry[] = []
