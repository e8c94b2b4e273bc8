import type { ReactNode } from 'react'
import './badge-table.css'

/** Badges with their names beside them. */
export function BadgeTable({ rows }: { readonly rows: Readonly<Record<string, ReactNode>> }): ReactNode {
  return (
    <dl className="badge-table">
      {Object.entries(rows).map(([name, badge]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{badge}</dd>])}
    </dl>
  )
}

/** Several tables, side by side if there is enough space. */
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
