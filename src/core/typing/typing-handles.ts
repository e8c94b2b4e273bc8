import { type Conversation, conversationKey } from '../message/conversation.ts'
import type { SendFailure, SendResult } from '../message/send-result.ts'
import { createTypingSender, type TypingSender, type TypingSenderOptions } from './typing-sender.ts'
import type { Activity, TypingLease } from './typing.ts'

/** How an activity is started. */
export interface ActivityOptions {
  /** Ends the activity when it is aborted. An activity whose signal is aborted already does not begin. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The sending half of typing in one conversation, for one composer, recorder or other part of an app. A handle ends only
 * what it began (S7), so keep it: another call of `client.typing()` returns another handle. All handles of a conversation
 * share one lease, which shows the activity that was started last, or else `typing` while the keys of any of them last.
 */
export interface TypingHandle {
  /**
   * A person has pressed a key, pasted or dictated (S6).
   *
   * With a text, an empty one ends the typing of this handle and an unchanged one is ignored. A function that reads the
   * field always counts as a key. It is called again before each renewal, so that typing ends too when a program empties
   * the field. While the connection is `offline`, a key begins nothing (S9).
   */
  keystroke(text?: string | (() => string)): void
  /**
   * Shows an activity that has no keys, such as `recording`, until the function that it returns is called or `signal` is
   * aborted. Of several activities the latest one is shown. An activity ends when the connection becomes `offline`, and
   * while it is, none begins (S9).
   */
  startActivity(activity: Activity, options?: ActivityOptions): () => void
  /**
   * Ends at once what this handle began (S4), and nothing of another handle (S7). Call it before you send the chat message,
   * so that it arrives first.
   */
  stop(): void
}

/** What every session takes, and the effects of each, with its conversation. */
interface TypingHandlesOptions extends Pick<TypingSenderOptions, 'heartbeatInterval' | 'idleTimeout' | 'connection'> {
  /** Takes, renews or releases a lease. */
  send(conversation: Conversation, lease: TypingLease): Promise<SendResult>
  /** Called when a lease was refused. */
  onRefused(conversation: Conversation, failure: SendFailure): void
}

/** Returns the function that makes handles. The handles of one conversation share one typing session. */
export function createTypingHandles(options: TypingHandlesOptions): (conversation: Conversation) => TypingHandle {
  /** The sessions that go on, by conversation. */
  const sessions = new Map<string, TypingSender>()

  const startSession = (key: string, conversation: Conversation): TypingSender => {
    const session = createTypingSender({
      ...options,
      send: (lease) => options.send(conversation, lease),
      onRefused: (failure) => options.onRefused(conversation, failure),
      onEnd: () => sessions.delete(key),
    })
    sessions.set(key, session)
    return session
  }

  return (conversation) => {
    const key = conversationKey(conversation)
    const currentSession = () => sessions.get(key) ?? startSession(key, conversation)
    let lastText: string | undefined

    const handle: TypingHandle = {
      keystroke(text) {
        if (typeof text !== 'string') {
          lastText = undefined
          currentSession().keystroke(handle, text)
          return
        }
        if (text === lastText) return
        lastText = text
        currentSession().keystroke(handle, () => text)
      },
      startActivity(activity, { signal } = {}) {
        if (signal?.aborted) return () => {}
        const endActivity = currentSession().startActivity(handle, activity)
        signal?.addEventListener('abort', endActivity)
        return () => {
          signal?.removeEventListener('abort', endActivity)
          endActivity()
        }
      },
      stop() {
        lastText = undefined
        sessions.get(key)?.stop(handle)
      },
    }
    return handle
  }
}
