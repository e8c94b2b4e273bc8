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

const ann = { id: 'ann', name: 'Ann' }

interface Message {
  readonly from: string
  readonly text: string
}

/** What the other one says to a message, with the other one's client. */
export type Answer = (client: OnlineMessageClient, user: string, text: string) => Promise<string>

interface SceneProps {
  /** What Ann writes in. */
  readonly composer: ComponentType<ComposerProps>
  /**
   * Who sees that she does.
   * @default Bob
   */
  readonly other?: User & { readonly name: string }
  readonly answer?: Answer
}

const createPair = (users: readonly User[]) => {
  const network = createMemoryNetwork()
  return users.map((user) => createOnlineMessageClient({ transport: network.join(user) }))
}

/** Ann with the composer, and the other one's screen, on a network inside the page. */
export function Scene({ composer: Composer, other = { id: 'bob', name: 'Bob' }, answer }: SceneProps): ReactNode {
  const [[annsClient, othersClient]] = useState(() => createPair([ann, other]))
  const [messages, setMessages] = useState<readonly Message[]>([])
  const say = ({ id }: User, text: string) => setMessages((known) => [...known, { from: id, text }])
  const send = (text: string) => {
    if (!text.trim()) return
    say(ann, text)
    void answer?.(othersClient!, ann.id, text).then((answered) => say(other, answered))
  }

  return (
    <div className="scene">
      <OnlineMessageProvider client={annsClient!}>
        <Screen of={ann.name} user={other.id} messages={messages} mine={ann.id}>
          <div className="composer">
            <Composer to={other.id} send={send} />
          </div>
        </Screen>
      </OnlineMessageProvider>
      <OnlineMessageProvider client={othersClient!}>
        <Screen of={other.name} user={ann.id} messages={messages} mine={other.id} />
      </OnlineMessageProvider>
    </div>
  )
}

interface ScreenProps {
  readonly of: string
  /** Who is on the other side. */
  readonly user: string
  readonly messages: readonly Message[]
  readonly mine: string
  readonly children?: ReactNode
}

function Screen({ of, user, messages, mine, children }: ScreenProps) {
  return (
    <section aria-label={of}>
      <h3>{of}</h3>
      <div role="log" aria-label={`Messages on ${of}’s screen`} tabIndex={0}>
        <ol>
          {messages.map(({ from, text }, index) => (
            <li key={index} className={from === mine ? 'mine' : undefined}>
              {text}
            </li>
          ))}
        </ol>
      </div>
      <TypingBadge conversation={{ user }} />
      {children}
    </section>
  )
}
