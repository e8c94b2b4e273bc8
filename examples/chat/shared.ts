/** What the client and the server say to each other. */

export interface User {
  readonly id: string
  readonly name: string
}

/** A message that is stored. It is the chat's own: the library carries none of them. */
export interface Message {
  readonly id: number
  readonly roomId: string
  readonly author: User
  readonly text: string
  /** In milliseconds since 1970. */
  readonly sentAt: number
}

export interface Room {
  readonly id: string
  readonly name: string
}

export interface History {
  readonly rooms: readonly Room[]
  /** The newest messages of all rooms. */
  readonly messages: readonly Message[]
}

/** The chat's own events on the Socket.IO connection. */
export interface ServerEvents {
  message(message: Message): void
}
