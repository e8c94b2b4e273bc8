/** An app whose client is built. */
export interface BuiltApp {
  /**
   * Starts a server that knows nothing of the others, and serves the client.
   *
   * @param port 0 for any that is free
   */
  startServer(port: number): Promise<AppServer>
  /** Removes what was built. */
  close(): Promise<void>
}

export interface AppServer {
  readonly url: string
  close(): Promise<void>
}

export type AppKind = 'tutorial' | 'mern'
export type AppVersion = 'before' | 'after'

export declare function buildApp(options: { kind: AppKind; version: AppVersion }): Promise<BuiltApp>
