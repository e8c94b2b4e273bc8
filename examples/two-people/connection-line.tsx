import type { ReactNode } from 'react'
import { useConnection } from '../../src/index.ts'

const names = { online: 'Online', connecting: 'Connecting…', offline: 'Offline' }

export function ConnectionLine(): ReactNode {
  const connection = useConnection()
  return (
    <p className="connection" data-connection={connection}>
      {names[connection]}
    </p>
  )
}
