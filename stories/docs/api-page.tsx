import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'

// Only where it is looked at: a story's test needs none of it.
const ApiTable = lazy(() => import('./api-table.tsx'))

/** A documentation page whose table is made of the docstrings of one export of the library. */
export const apiPage =
  (name: string): ComponentType =>
  (): ReactNode => (
    <Suspense fallback={null}>
      <ApiTable of={name} />
    </Suspense>
  )
