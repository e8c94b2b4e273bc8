import { type ReactNode, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import {
  type ConnectionState,
  createOnlineMessageClient,
  type Conversation,
  type OnlineMessageClient,
  OnlineMessageProvider,
} from '../src/index.ts'
import { createMemoryNetwork } from '../src/transports/memory/index.ts'
import './simulated-chat.css'

export interface OtherPerson {
  readonly name: string
  /** Where they type, as they see it. */
  readonly conversation: Conversation
  /**
   * The label of their checkbox.
   * @default `${name} types`
   */
  readonly label?: string
}

/** What further controls can show and do. */
export interface Simulation {
  readonly connection: ConnectionState
  /** Changes my own connection. */
  setConnection(state: ConnectionState): void
  /** Sends a message as one of the others, who then stops typing. */
  sendAs(name: string, text: string): void
}

interface SimulatedChatProps {
  readonly others: readonly OtherPerson[]
  /**
   * My own connection at the beginning.
   * @default 'online'
   */
  readonly initialConnection?: ConnectionState
  /** Further controls, beside the checkboxes that make the others type. */
  readonly controls?: (simulation: Simulation) => ReactNode
  /** My screen. */
  readonly children: ReactNode
}

function createSimulation(others: readonly OtherPerson[], initialConnection: ConnectionState) {
  const network = createMemoryNetwork()
  const myDevice = network.join({ id: 'me', name: 'Me' })

  // A device of the memory network is online or offline. This store adds "connecting".
  const connection = createStore<ConnectionState>(() => 'online')
  const setConnection = (state: ConnectionState) => {
    if (state === 'online') myDevice.reconnect()
    else myDevice.disconnect()
    connection.setState(state)
  }
  setConnection(initialConnection)

  const createPerson = ({ name, conversation, label = `${name} types` }: OtherPerson) => {
    const transport = network.join({ id: name.toLowerCase(), name })
    // No server sends the current typists to a client that reconnects here, but the next renewal shows them: renew often.
    const client = createOnlineMessageClient({ transport, heartbeatInterval: 500 })
    return { name, conversation, label, client }
  }
  return {
    connection,
    setConnection,
    myClient: createOnlineMessageClient({ transport: { ...myDevice, connection } }),
    people: others.map(createPerson),
  }
}

/** My screen, and checkboxes for what others do on theirs. All are real clients, on a network inside the page. */
export function SimulatedChat({
  others,
  initialConnection = 'online',
  controls,
  children,
}: SimulatedChatProps): ReactNode {
  const [{ myClient, connection, setConnection, people }] = useState(() => createSimulation(others, initialConnection))
  const connectionState = useStore(connection)
  const [typingNames, setTypingNames] = useState<ReadonlySet<string>>(() => new Set([others[0]!.name]))

  const setTyping = (name: string, isTyping: boolean) =>
    setTypingNames((before) => {
      const after = new Set(before)
      if (isTyping) after.add(name)
      else after.delete(name)
      return after
    })

  const sendAs = (name: string, text: string) => {
    const { conversation, client } = people.find((person) => person.name === name)!
    void client.send(conversation, 'chat', text)
    setTyping(name, false)
  }

  return (
    <div className="simulated-chat">
      <fieldset>
        <legend>On other screens</legend>
        {people.map(({ name, conversation, label, client }) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={typingNames.has(name)}
              onChange={(event) => setTyping(name, event.target.checked)}
            />
            {label}
            {typingNames.has(name) && <KeepTyping client={client} conversation={conversation} />}
          </label>
        ))}
        {controls?.({ connection: connectionState, setConnection, sendAs })}
      </fieldset>
      <OnlineMessageProvider client={myClient}>{children}</OnlineMessageProvider>
    </div>
  )
}

/** Types for as long as it is mounted. */
function KeepTyping({ client, conversation }: { client: OnlineMessageClient; conversation: Conversation }) {
  useEffect(() => client.typing(conversation).startActivity('typing'), [client, conversation])
  return null
}
