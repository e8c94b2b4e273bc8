import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import 'react-online-message/styles.css'
import './style.css'

export const metadata: Metadata = { title: 'Chat' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
