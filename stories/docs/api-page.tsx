import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'

// Loaded only when the page is opened, because the tests of the stories do not need the table.
const ApiTable = lazy(() => import('./api-table.tsx'))

/** A documentation page for one export of the library. Its table comes from the docstrings. */
export const apiPage =
  (name: string): ComponentType =>
  (): ReactNode => (
    <Suspense fallback={null}>
      <ApiTable of={name} />
    </Suspense>
  )
