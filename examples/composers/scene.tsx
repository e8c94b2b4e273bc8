import { type ComponentType, type ReactNode, useState } from 'react'
import {
  createOnlineMessageClient,
  type OnlineMessageClient,
  OnlineMessageProvider,
  TypingBadge,
  type User,
} from '../../src/index.ts'
import { createMemoryNetwork } from '../../src/transports/memory/index.ts'
import type { ComposerProps } from './samples/composer-props.ts'
import './scene.css'

interface Person extends User {
  readonly name: string
}

const ann: Person = { id: 'ann', name: 'Ann' }

interface Message {
  readonly from: string
  readonly text: string
}

/** Makes the other person's answer to a message, with the other person's client. */
export type Answer = (client: OnlineMessageClient, user: string, text: string) => Promise<string>

interface SceneProps {
  /** Ann's composer. */
  readonly composer: ComponentType<ComposerProps>
  /**
   * The person who sees Ann typing.
   * @default Bob
   */
  readonly other?: Person
  /** Without it, the other person does not answer. */
  readonly answer?: Answer
}

const createClients = (other: User) => {
  const network = createMemoryNetwork()
  return {
    annsClient: createOnlineMessageClient({ transport: network.join(ann) }),
    othersClient: createOnlineMessageClient({ transport: network.join(other) }),
  }
}

/** Ann's screen with the composer, and the other person's screen, on a network inside the page. */
export function Scene({ composer: Composer, other = { id: 'bob', name: 'Bob' }, answer }: SceneProps): ReactNode {
  const [{ annsClient, othersClient }] = useState(() => createClients(other))
  const [messages, setMessages] = useState<readonly Message[]>([])

  const addMessage = (author: User, text: string) => setMessages((before) => [...before, { from: author.id, text }])

  const send = (text: string) => {
    if (!text.trim()) return
    addMessage(ann, text)
    void answer?.(othersClient, ann.id, text).then((answerText) => addMessage(other, answerText))
  }

  return (
    <div className="scene">
      <OnlineMessageProvider client={annsClient}>
        <Screen owner={ann} partner={other} messages={messages}>
          <div className="composer">
            <Composer user={other.id} send={send} />
          </div>
        </Screen>
      </OnlineMessageProvider>
      <OnlineMessageProvider client={othersClient}>
        <Screen owner={other} partner={ann} messages={messages} />
      </OnlineMessageProvider>
    </div>
  )
}

interface ScreenProps {
  readonly owner: Person
  readonly partner: Person
  readonly messages: readonly Message[]
  readonly children?: ReactNode
}

function Screen({ owner, partner, messages, children }: ScreenProps) {
  return (
    <section aria-label={owner.name}>
      <h3>{owner.name}</h3>
      <div role="log" aria-label={`Messages on ${owner.name}’s screen`} tabIndex={0}>
        <ol>
          {messages.map(({ from, text }, index) => (
            <li key={index} className={from === owner.id ? 'mine' : undefined}>
              {text}
            </li>
          ))}
        </ol>
      </div>
      <TypingBadge conversation={{ user: partner.id }} />
      {children}
    </section>
  )
}
