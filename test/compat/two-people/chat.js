'use client'

// Without JSX, so that every bundler takes it without a plug-in.
import { createElement, useEffect, useState } from 'react'
import { OnlineMessageProvider, TypingBadge, useConnection, useTypingIndicator } from 'react-online-message'
import { client, socket } from './socket.js'

/** @param {{ me: string, peer: string }} props the ids of the two people */
export function Chat({ me, peer }) {
  useEffect(() => {
    socket.auth = { user: me }
    socket.connect()
    return () => {
      socket.disconnect()
    }
  }, [me])
  return createElement(OnlineMessageProvider, { client }, createElement(Conversation, { peer }))
}

function Conversation({ peer }) {
  const [text, setText] = useState('')
  const connection = useConnection()
  const { inputProps, total } = useTypingIndicator({ user: peer })
  const onChange = (event) => setText(event.target.value)
  return createElement(
    'main',
    { 'data-connection': connection, 'data-typists': total },
    createElement(TypingBadge, { conversation: { user: peer }, announce: false }),
    createElement('textarea', { 'aria-label': 'Message', value: text, onChange, ...inputProps }),
  )
}
