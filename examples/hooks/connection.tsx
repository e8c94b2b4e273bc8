import type { ReactNode } from 'react'
import { useConnection } from '../../src/index.ts'

const sentences = {
  online: 'You are online.',
  connecting: 'Connecting…',
  offline: 'You are offline: nobody sees you type.',
}

export function ConnectionLine(): ReactNode {
  const connection = useConnection()
  return <p role="status">{sentences[connection]}</p>
}
