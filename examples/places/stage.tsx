import { type ReactNode, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import {
  type ConnectionState,
  createOnlineMessageClient,
  type Conversation,
  type OnlineMessageClient,
  OnlineMessageProvider,
} from '../../src/index.ts'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'
import './stage.css'

/** Somebody else, and where they type. */
export interface Other {
  readonly name: string
  readonly to: Conversation
  /** What the switch is called. @default `${name} types` */
  readonly label?: string
}

/** What can be made to happen. */
export interface OnStage {
  readonly connection: ConnectionState
  /** My own connection changes. */
  go(state: ConnectionState): void
  /** They send, and with that type no longer. */
  say(name: string, text: string): void
}

interface StageProps {
  readonly others: readonly Other[]
  /** My own connection. @default 'online' */
  readonly starts?: ConnectionState
  /** Further controls, beside those that make the others type. */
  readonly controls?: (stage: OnStage) => ReactNode
  readonly children: ReactNode
}

const setUp = (others: readonly Other[], starts: ConnectionState) => {
  const network = createMemoryNetwork()
  const device = network.join({ id: 'me', name: 'Me' })
  // A device on that network is online or not; a real one is something between, too.
  const connection = createStore<ConnectionState>(() => 'online')
  const go = (state: ConnectionState) => {
    if (state === 'online') device.reconnect()
    else device.disconnect()
    connection.setState(state)
  }
  go(starts)
  return {
    connection,
    go,
    me: createOnlineMessageClient({ transport: { ...device, connection } }),
    cast: others.map(({ name, to, label = `${name} types` }) => {
      const transport = network.join({ id: name.toLowerCase(), name })
      // Without a server nobody tells the truth to who comes back: the next renewal does, so it comes soon.
      return { name, to, label, client: createOnlineMessageClient({ transport, heartbeatInterval: 500 }) }
    }),
  }
}

/** My screen, and switches for what others do on theirs. All of them are real clients on a network inside the page. */
export function Stage({ others, starts = 'online', controls, children }: StageProps): ReactNode {
  const [{ me, connection, go, cast }] = useState(() => setUp(others, starts))
  const state = useStore(connection)
  const [typing, setTyping] = useState<ReadonlySet<string>>(() => new Set([others[0]!.name]))
  const set = (name: string, types: boolean) =>
    setTyping((before) => new Set(types ? [...before, name] : [...before].filter((other) => other !== name)))
  const say = (name: string, text: string) => {
    const { to, client } = cast.find((other) => other.name === name)!
    void client.send(to, 'chat', text)
    set(name, false)
  }
  return (
    <div className="stage">
      <fieldset>
        <legend>Elsewhere</legend>
        {cast.map(({ name, to, label, client }) => (
          <label key={name}>
            <input type="checkbox" checked={typing.has(name)} onChange={(event) => set(name, event.target.checked)} />
            {label}
            {typing.has(name) && <Types client={client} to={to} />}
          </label>
        ))}
        {controls?.({ connection: state, go, say })}
      </fieldset>
      <OnlineMessageProvider client={me}>{children}</OnlineMessageProvider>
    </div>
  )
}

function Types({ client, to }: { client: OnlineMessageClient; to: Conversation }) {
  useEffect(() => client.typing(to).startActivity('typing'), [client, to])
  return null
}
