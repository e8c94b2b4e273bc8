import { serverNow } from '../clock.ts'
import type { Reidentification } from '../reidentification.ts'
import type { Revocation } from '../revocation.ts'
import type { UserNotice } from './bus-message.ts'
import type { Channels } from './channels.ts'
import type { ChannelSubscriptions } from './channel-subscriptions.ts'
import type { NodeLink, Origin } from './peers/node-link.ts'

/** How long a notice is repeated for nodes that ask, in milliseconds: `authorize` is asked again sooner, by default. */
const KEEP_FOR = 600_000

/** How often notices are looked for that need not be kept any more, in milliseconds. */
const CHECK_INTERVAL = 10_000

/** Most notices that are kept. The oldest are dropped first. */
const MAX_KEPT = 1000

/** Revocations and reidentifications, to and from other nodes. */
export interface UserNotices {
  /** The first device of a user has come to this node. */
  userAdded(userId: string): void
  /** The last device of a user has left it. */
  userRemoved(userId: string): void
  revoke(revocation: Revocation): void
  reidentify(userId: string): void
  /** A notice has arrived. */
  receive(notice: UserNotice, origin: Origin): void
  close(): void
}

export interface UserNoticesOptions {
  readonly link: NodeLink
  readonly channels: Channels
  readonly subscriptions: ChannelSubscriptions
  /** Ends the subscriptions and leases of a user on this node that began before a time by our clock. */
  revokeLocally(revocation: Revocation, before: number): void
  /** Identifies the connections of a user on this node again. */
  reidentifyLocally(reidentification: Reidentification): void
}

/**
 * A node reads the notices about the users that it has, and asks for earlier ones when it begins to. A notice counts
 * however late and however often it arrives: it spares what began after it, because `authorize` or `identify` has been
 * asked since.
 */
export function createUserNotices(options: UserNoticesOptions): UserNotices {
  const { link, channels, subscriptions, revokeLocally, reidentifyLocally } = options
  let kept: readonly UserNotice[] = []
  let timer: NodeJS.Timeout | undefined

  const keptOf = (userId: string) => kept.filter(({ user }) => user === userId)

  function receive(notice: UserNotice, { toLocal, errorBound }: Origin): void {
    const before = toLocal(notice.at) + errorBound
    const { user } = notice
    if (notice.kind === 'revocation') revokeLocally({ user, conversation: notice.conversation }, before)
    else reidentifyLocally({ user, before })
  }

  function publishAll(userId: string): void {
    for (const notice of keptOf(userId)) void link.publish(channels.user(userId), notice)
  }

  function forget(notice: UserNotice): void {
    kept = kept.filter((other) => other !== notice)
    const { user } = notice
    if (keptOf(user).length === 0) subscriptions.unwant(channels.questions(channels.user(user)))
  }

  function forgetOld(): void {
    timer = undefined
    for (const notice of kept) if (serverNow() - notice.at > KEEP_FOR) forget(notice)
    if (kept.length > 0) timer = setTimeout(forgetOld, CHECK_INTERVAL).unref()
  }

  function publish(notice: UserNotice): void {
    const { user } = notice
    kept = [...kept, notice]
    const oldest = kept[0]
    if (oldest && kept.length > MAX_KEPT) forget(oldest)
    timer ??= setTimeout(forgetOld, CHECK_INTERVAL).unref()
    void link.publish(channels.user(user), notice)
    subscriptions.want(channels.questions(channels.user(user)), () => ({
      receive(message, { node }) {
        if (message.kind !== 'question') return
        for (const earlier of keptOf(user)) void link.publish(channels.node(node), earlier)
      },
      // A node may have asked before this one read the questions.
      onActive: () => publishAll(user),
    }))
  }

  return {
    userAdded(userId) {
      const channel = channels.user(userId)
      subscriptions.want(channel, () => ({
        receive(message, origin) {
          if (message.kind !== 'revocation' && message.kind !== 'reidentification') return
          if (message.user === userId) receive(message, origin)
        },
        onActive: () => void link.publish(channels.questions(channel), { kind: 'question' }),
      }))
    },
    userRemoved(userId) {
      subscriptions.unwant(channels.user(userId))
    },
    revoke({ user, conversation }) {
      publish({ kind: 'revocation', at: serverNow(), user, conversation })
    },
    reidentify(user) {
      publish({ kind: 'reidentification', at: serverNow(), user })
    },
    receive,
    close() {
      clearTimeout(timer)
    },
  }
}
