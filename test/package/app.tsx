// An app as the README shows it, compiled against the packed package by every TypeScript that scripts/check-package.mjs knows.
import 'react-online-message/styles.css'
import { io } from 'socket.io-client'
import {
  createOnlineMessageClient,
  OnlineMessageProvider,
  TypingBadge,
  type Conversation,
  type OnlineMessageClient,
  type SendResult,
  type Typist,
  useConnection,
  useOnlineMessage,
  useTypingIndicator,
  useTypists,
} from 'react-online-message'
import { formatTyping } from 'react-online-message/core'
import { zhCN } from 'react-online-message/locales'
import { createSocketTransport } from 'react-online-message/socket.io'

declare module 'react-online-message' {
  interface OnlineMessageCommands {
    reaction: { emoji: string }
  }
}

const client: OnlineMessageClient = createOnlineMessageClient({
  transport: createSocketTransport(io()),
  idleTimeout: 3000,
})

export const App = () => (
  <OnlineMessageProvider client={client} locale={zhCN}>
    <Chat with="userA" />
  </OnlineMessageProvider>
)

function Chat({ with: user }: { with: string }) {
  const conversation: Conversation = { user }
  const { inputProps, typists } = useTypingIndicator(conversation)
  const connection: 'connecting' | 'online' | 'offline' = useConnection()
  const react = useOnlineMessage({
    conversation,
    command: 'reaction',
    onMessage: ({ data, from }) => {
      console.log(data.emoji.length, from.id)
    },
  })
  // @ts-expect-error a reaction has an emoji
  void react({ smile: true })
  const sent: Promise<SendResult> = react({ emoji: '👍' }, { priority: 'low' })
  const seen: readonly Typist[] = useTypists(null).typists.concat(typists)
  const sentence: string = formatTyping({ typists: seen, total: seen.length, conversation }, zhCN)
  return (
    <form aria-label={connection} title={sentence} onSubmit={() => void sent}>
      <TypingBadge conversation={conversation} className="subtitle" />
      <textarea {...inputProps} />
      <input {...inputProps} />
    </form>
  )
}

client.typing({ group: 'team' }).keystroke('hello')
void client.send({ user: 'userA' }, 'reaction', { emoji: '👍' })
// @ts-expect-error a conversation is one user or one group
client.typists({ user: 'userA', group: 'team' })
