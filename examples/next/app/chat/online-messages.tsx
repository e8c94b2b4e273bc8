'use client'

import { type ReactNode, useEffect } from 'react'
import { OnlineMessageProvider } from 'react-online-message'
import { client, socket } from './socket'

/** Connects in the browser only. On the server the same client renders the page, and never connects. */
export function OnlineMessages({ children }: { children: ReactNode }) {
  useEffect(() => {
    socket.connect()
    return () => {
      socket.disconnect()
    }
  }, [])
  return <OnlineMessageProvider client={client}>{children}</OnlineMessageProvider>
}
