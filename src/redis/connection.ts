/** One connection to one Redis server, whichever client library it is from. */
export interface Connection {
  /** Whether a command is written to the server at once. Otherwise the library may keep it and send it later. */
  isReady(): boolean
  /** Sends a command. It rejects with the server's error, or when the connection is lost. */
  command(...words: readonly string[]): Promise<unknown>
  /** Resolves when the server has confirmed the subscription, also if it was confirmed before. */
  subscribe(channel: string, isSharded: boolean): Promise<unknown>
  unsubscribe(channel: string, isSharded: boolean): Promise<unknown>
  /** @returns the function that removes every listener from the client again. */
  listen(listener: ConnectionListener): () => void
}

export interface ConnectionListener {
  /** The connection can be used: for the first time, or again. */
  onReady(): void
  /** The connection is lost. A client of the app reconnects by itself and becomes ready again. */
  onLost(): void
  onMessage(channel: string, message: string): void
  /** In Redis Cluster: the server does not own the slot of a channel any more. */
  onMoved(): void
}

/** A connection that the bus has opened itself. It does not reconnect. */
export interface OwnConnection extends Connection {
  close(): void
}

/** The nodes of a Redis Cluster, as a cluster client knows them. */
export interface Topology {
  /** The address of the node that owns a slot, if it is known. */
  ownerOf(slot: number): string | undefined
  /** Opens a connection to a node; `undefined` if the cluster client does not know the node now. */
  open(node: string): Promise<OwnConnection | undefined>
  /** Makes the client ask for the owners of the slots again. */
  refresh(channel: string): Promise<unknown>
  /** Whether the app has closed the cluster client. */
  isClosed(): boolean
}
