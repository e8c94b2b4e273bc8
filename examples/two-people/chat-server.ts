import type { OnlineMessageClient } from '../../src/core/index.ts'
import type { Person } from './people.ts'

/** An ordinary message: an event of the app, stored by the app. */
export interface ChatMessage {
  readonly id: number
  /** The id of the user who wrote it. */
  readonly from: string
  readonly text: string
}

export interface ServerEvents {
  history(messages: readonly ChatMessage[]): void
  message(message: ChatMessage): void
}

export interface ClientEvents {
  /** The server calls `onStored` when it has stored the message. */
  message(text: string, onStored: () => void): void
}

/** What the server reports about itself, for the line below the two screens. */
export interface ServerFigures {
  /** Ordinary messages in the store. */
  readonly storedMessages: number
  /** Online messages and typing updates that the server has delivered. */
  readonly delivered: number
  /** Typing leases: who is typing at this moment. */
  readonly leases: number
}

/** The part of a Socket.IO client socket that the chat uses. */
export interface ChatSocket {
  on(event: 'history', listener: ServerEvents['history']): unknown
  on(event: 'message', listener: ServerEvents['message']): unknown
  off(event: 'history', listener: ServerEvents['history']): unknown
  off(event: 'message', listener: ServerEvents['message']): unknown
  emit(event: 'message', text: string, onStored: () => void): unknown
  connect(): unknown
  disconnect(): unknown
}

/** One device of a person. */
export interface ChatDevice {
  /** For the app's own events. It is not connected yet. */
  readonly socket: ChatSocket
  /** For online messages, over the same connection. */
  readonly client: OnlineMessageClient
}

/** The server as the page sees it: the real one of `npm start`, or a simulated one. */
export interface ChatServer {
  createDevice(person: Person): ChatDevice
  /** Calls the listener with the server's figures, now and after each change. Returns what unsubscribes it. */
  watchFigures(listener: (figures: ServerFigures) => void): () => void
}
