/** An ordinary message of this app, which the server keeps. */
export interface Message {
  readonly from: 'you' | 'assistant'
  readonly text: string
  /** Whether a new question has interrupted this answer. */
  readonly isInterrupted?: boolean
}

/** The events of the app's own, beside the online messages on the same connection. */
export interface ServerEvents {
  message: (message: Message) => void
}
export interface ClientEvents {
  question: (text: string) => void
  history: (reply: (messages: readonly Message[]) => void) => void
}

declare module 'react-online-message' {
  interface OnlineMessageCommands {
    /** The next words of an answer. They follow the first `after` characters of it. */
    words: { after: number; text: string }
  }
}
