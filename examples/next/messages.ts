/** An ordinary message of this app, which the server keeps. */
export interface Message {
  readonly id: number
  readonly from: string
  readonly to: string
  readonly text: string
}

/** The events of the app's own, beside the online messages on the same connection. */
export interface ServerEvents {
  message: (message: Message) => void
}
export interface ClientEvents {
  message: (to: string, text: string) => void
  history: (peer: string, reply: (messages: readonly Message[]) => void) => void
}
