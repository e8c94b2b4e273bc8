import type { Meta, StoryObj } from '@storybook/react-vite'
import { sourceForApp } from '../../stories/example-source.ts'

const HOW = 'Write as Ann and watch the other screen. A canned reply is written by the program: it is nobody’s typing.'

/** What a composer's page begins with: the line it takes. */
export const oneLine = (line: string): NonNullable<Meta['parameters']> => ({
  docs: { description: { component: `One line: \`${line}\`\n\n${HOW}` } },
})

/** What stands below a story: all of its code. */
export const code = (source: string): NonNullable<StoryObj['parameters']> => ({
  docs: { source: { code: sourceForApp(source), language: 'tsx' } },
})
