import { useEffect, useState } from 'react'
import { useOnlineMessage } from 'react-online-message'
import type { Message } from '../messages.ts'
import { socket } from './socket.ts'

interface State {
  /** What the server keeps. */
  readonly messages: readonly Message[]
  /** What has been heard so far of the answer that is being given. Nothing keeps it. */
  readonly words: string
}

/** What has been said, and what the assistant says now. */
export function useAnswer(): State {
  const [state, setState] = useState<State>({ messages: [], words: '' })

  useEffect(() => {
    // Once connected, and again after each reconnect: what came in between was missed.
    const readHistory = () => socket.emit('history', (messages) => setState({ messages, words: '' }))
    const add = (message: Message) => setState(({ messages }) => ({ messages: [...messages, message], words: '' }))
    if (socket.connected) readHistory()
    socket.on('connect', readHistory)
    socket.on('message', add)
    return () => {
      socket.off('connect', readHistory)
      socket.off('message', add)
    }
  }, [])

  useOnlineMessage({
    conversation: { user: 'assistant' },
    command: 'words',
    onMessage: ({ data: { after, text } }) =>
      setState((before) => {
        // A page that has missed some words waits for the whole answer.
        if (before.words.length !== after) return before
        return { ...before, words: before.words + text }
      }),
  })

  return state
}
