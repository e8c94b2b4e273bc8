import type { Transport } from '../../src/core/index.ts'
import type { Person } from './people.ts'

/** An ordinary message: the app's own event, kept in the app's own store. */
export interface ChatMessage {
  readonly id: number
  /** Who wrote it, a user's id. */
  readonly from: string
  readonly text: string
}

/** What the server tells. */
export interface ServerEvents {
  history(messages: readonly ChatMessage[]): void
  message(message: ChatMessage): void
}

/** What it is told. */
export interface ClientEvents {
  message(text: string, stored: () => void): void
}

/** What a server keeps, in its own figures. */
export interface Kept {
  /** Ordinary messages in its store. */
  readonly messages: number
  /** Online messages and news of typing that it has handed on. */
  readonly passed: number
  /** What it holds of those: who is typing at this moment, and that only until they stop. */
  readonly held: number
}

/** What the chat uses of a Socket.IO client socket. */
export interface ChatSocket {
  on(event: 'history', listener: ServerEvents['history']): unknown
  on(event: 'message', listener: ServerEvents['message']): unknown
  off(event: 'history', listener: ServerEvents['history']): unknown
  off(event: 'message', listener: ServerEvents['message']): unknown
  emit(event: 'message', text: string, stored: () => void): unknown
  connect(): unknown
  disconnect(): unknown
}

/** The server as the page sees it: the one of `npm start`, or one inside the page where there is none. */
export interface ChatServer {
  /** One device of a person: a socket for the app's own events, not connected yet, and what carries online messages. */
  createDevice(person: Person): { readonly socket: ChatSocket; readonly transport: Transport }
  /** Tells what the server keeps, now and whenever it changes. */
  watchKept(listener: (kept: Kept) => void): () => void
}
