import type { ReactNode } from 'react'
import './badge-table.css'

/** What is shown, and what it is called beside it. */
export function BadgeTable({ rows }: { readonly rows: Readonly<Record<string, ReactNode>> }): ReactNode {
  return (
    <dl className="badge-table">
      {Object.entries(rows).map(([name, badge]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{badge}</dd>])}
    </dl>
  )
}

/** Several of them, beside one another where there is room. */
export function BadgeTables({ tables }: { readonly tables: Readonly<Record<string, ReactNode>> }): ReactNode {
  return (
    <div className="badge-tables">
      {Object.entries(tables).map(([name, table]) => (
        <section key={name}>
          <h3>{name}</h3>
          {table}
        </section>
      ))}
    </div>
  )
}
