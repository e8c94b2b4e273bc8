import { Markdown, PureArgsTable, Stories, Title } from '@storybook/addon-docs/blocks'
import type { ReactNode } from 'react'
import { api } from './api.ts'

/** The page of a component or hook: its description, its parameters and result, and its stories. */
export default function ApiTable({ of: name }: { readonly of: string }): ReactNode {
  const { description, rows } = api.find((entry) => entry.name === name) ?? { description: '', rows: [] }
  const table = Object.fromEntries(
    rows.map((row) => [
      `${row.group} ${row.name}`,
      {
        name: row.name,
        description: row.description,
        type: { name: 'other' as const, value: row.type, required: row.required && row.group !== 'Result' },
        table: {
          category: row.group,
          type: { summary: row.type },
          ...(row.default ? { defaultValue: { summary: row.default } } : {}),
        },
      },
    ]),
  )
  return (
    <>
      <Title />
      <Markdown>{description}</Markdown>
      <div style={{ overflowX: 'auto' }}>
        <PureArgsTable rows={table} />
      </div>
      <Stories includePrimary />
    </>
  )
}
