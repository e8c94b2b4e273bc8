import type { Meta, StoryObj } from '@storybook/react-vite'
import { sourceForApp } from '../../stories/example-source.ts'

const HOW_TO_TRY =
  'Type as Ann and watch the other screen. The program writes the canned reply, so it does not count as typing.'

/** The beginning of a composer's page: the one line that the composer needs. */
export const oneLine = (line: string): NonNullable<Meta['parameters']> => ({
  docs: { description: { component: `One line: \`${line}\`\n\n${HOW_TO_TRY}` } },
})

/** The code below a story: the whole file. */
export const code = (source: string): NonNullable<StoryObj['parameters']> => ({
  docs: { source: { code: sourceForApp(source), language: 'tsx' } },
})
