/**
 * What the compiler says when an app has declared its commands. It is never run: tsc checks it, with the tsconfig.json
 * beside it.
 */
import {
  type Command,
  type CommandData,
  createOnlineMessageClient,
  type OnlineMessage,
  type OnlineMessageClient,
  type SendArguments,
  type SendOptions,
  type SendResult,
} from '../../../src/core/index.ts'
import { createMemoryNetwork } from '../../../src/transports/memory/index.ts'
import type { Equal } from '../equal.ts'

// An app writes 'react-online-message' here.
declare module '../../../src/core/message/commands.ts' {
  interface OnlineMessageCommands {
    reaction: { emoji: string }
    ping: undefined
    note: string | undefined
    anything: unknown
  }
}

const client: OnlineMessageClient = createOnlineMessageClient({ transport: createMemoryNetwork().join({ id: 'ann' }) })
const team = { group: 'team' }

export const commands: true[] = [
  true satisfies Equal<Command, 'reaction' | 'ping' | 'note' | 'anything'>,
  true satisfies Equal<CommandData<'reaction'>, { emoji: string }>,
  true satisfies Equal<CommandData<'ping'>, undefined>,
  true satisfies Equal<SendArguments<{ emoji: string }>, [data: { emoji: string }, options?: SendOptions]>,
  true satisfies Equal<SendArguments<undefined>, [data?: undefined, options?: SendOptions]>,
  true satisfies Equal<SendArguments<string | undefined>, [data?: string | undefined, options?: SendOptions]>,
  true satisfies Equal<SendArguments<unknown>, [data?: unknown, options?: SendOptions]>,
]

export const answers: Promise<SendResult>[] = [
  client.send(team, 'reaction', { emoji: '👋' }),
  client.send(team, 'reaction', { emoji: '👋' }, { priority: 'low' }),
  // Data that may be undefined may be left out.
  client.send(team, 'ping'),
  client.send(team, 'ping', undefined),
  client.send(team, 'ping', undefined, { priority: 'high' }),
  client.send(team, 'note'),
  client.send(team, 'note', 'text'),
  client.send(team, 'anything'),
  client.send(team, 'anything', 1),
  // @ts-expect-error: not declared
  client.send(team, 'raection', { emoji: '👋' }),
  // @ts-expect-error: reserved for typing, client.typing() sends it
  client.send(team, 'textInput', { ttl: 7000 }),
  // @ts-expect-error: data that may not be undefined may not be left out
  client.send(team, 'reaction'),
  // @ts-expect-error: with data of another type
  client.send(team, 'reaction', { emoji: 1 }),
  // @ts-expect-error: with more data
  client.send(team, 'reaction', { emoji: '👋', more: true }),
  // @ts-expect-error: with data it does not have
  client.send(team, 'ping', 1),
]

export const unsubscribes: (() => void)[] = [
  client.subscribe(team, 'reaction', ({ data }) => data.emoji.length),
  // @ts-expect-error: not declared
  client.subscribe(team, 'raection', () => {}),
  // @ts-expect-error: a listener for other data
  client.subscribe(team, 'reaction', (_message: OnlineMessage<number>) => {}),
]

/** One function for any command keeps the command and its data together. */
export const receive = <C extends Command>(command: C, listener: (data: CommandData<C>) => void): (() => void) =>
  client.subscribe(team, command, ({ data }) => listener(data))
