import { LEASE_GRACE } from '../../core/constants.ts'
import { serverNow } from '../clock.ts'
import { logCluster } from '../debug.ts'
import { createDevice, looksTheSame } from '../devices/device.ts'
import type { Device, Room } from '../model.ts'
import type { Leases } from '../typing/leases.ts'
import type { PublishedLease } from './bus-message.ts'
import { RENEWAL_INTERVAL } from './lease-publisher.ts'
import type { Origin } from './peers/node-link.ts'

/** S5: how long a lease of another node lives after it was published, in milliseconds. It is renewed before that. */
const LEASE_LIFE = RENEWAL_INTERVAL + LEASE_GRACE

/** After messages may have been lost, how long a lease has to be confirmed, in milliseconds. */
const CONFIRM_WITHIN = 2000

/** Most leases of other nodes in one conversation. A broken node cannot make this one remember more. */
const MAX_LEASES = 10_000

/** How often leases that have ended are forgotten, in milliseconds. */
const FORGET_INTERVAL = 5000

/** The leases that other nodes have in one conversation. */
export interface RemoteLeases {
  receive(leases: readonly PublishedLease[], origin: Origin): void
  /** Messages may have been lost: what nobody confirms soon ends. */
  doubt(): void
  end(): void
}

interface RemoteLease {
  /** Has the mirrored lease on this node. It is no connection: what is delivered to it goes nowhere. */
  readonly device: Device
  /** Of the latest message about it: an earlier one that arrives later changes nothing. */
  number: number
  /** When it began, by the clock of its node. A lease with another beginning belongs to another session. */
  since: number | undefined
  /** When it was heard of last. */
  heardAt: number
}

export interface RemoteLeasesOptions {
  readonly leases: Leases
  readonly maxAge: number
  /** When messages were last lost or too late; 0 if never. */
  readonly doubtedAt: number
  /** The room of the conversation, created if it does not exist. */
  openRoom(): Room
  /** Whether this user can write there: one-to-one, only one can. */
  canWrite(userId: string): boolean
}

/**
 * Mirrors the leases of other nodes in a conversation that this node reads. Each lives for a few seconds and has to be
 * renewed, so nobody has to know which nodes there are: the typists of a node that has died expire.
 */
export function createRemoteLeases(options: RemoteLeasesOptions): RemoteLeases {
  const { leases, maxAge, openRoom, canWrite } = options
  /** By node and the device's number there. */
  const remote = new Map<string, RemoteLease>()
  let forgottenAt = serverNow()
  let { doubtedAt } = options

  const sessionOf = ({ device }: RemoteLease, room: Room) => room.typists.get(device.user.id)?.sessions.get(device)

  /** Forgets what has ended so long ago that no earlier message about it can arrive any more. */
  function forgetEnded(): void {
    const now = serverNow()
    if (now - forgottenAt < FORGET_INTERVAL) return
    forgottenAt = now
    for (const [key, lease] of remote) {
      const isOver = !lease.device.typingIn?.size
      if (isOver && now - lease.heardAt > 2 * maxAge) remote.delete(key)
    }
  }

  function findOrAdd(key: string, user: PublishedLease['user'], origin: Origin): RemoteLease | undefined {
    const known = remote.get(key)
    if (known && origin.number < known.number) return undefined
    if (known?.device.user.id === user.id) return known
    if (known) end(known)
    else if (remote.size >= MAX_LEASES) return undefined
    const added: RemoteLease = { device: createDevice(user, () => {}), number: 0, since: undefined, heardAt: 0 }
    remote.set(key, added)
    return added
  }

  function end({ device }: RemoteLease): void {
    for (const room of [...(device.typingIn ?? [])]) leases.release(device, room)
  }

  /** I1: a lease that is published again with another name renames its typist. */
  function rename({ device }: RemoteLease, { user }: PublishedLease): void {
    if (looksTheSame(device.user, user)) return
    device.user = user
    leases.renamed(device)
  }

  /** When a lease ends that was published now, unless it is published again. */
  function endOf({ sentAt, errorBound }: Origin): number {
    const until = sentAt + LEASE_LIFE
    // What was sent before messages were lost confirms nothing: its end may be among them.
    const isInDoubt = sentAt + errorBound < doubtedAt
    return isInDoubt ? Math.min(until, doubtedAt + CONFIRM_WITHIN) : until
  }

  function receive(published: PublishedLease, origin: Origin): void {
    const { user, session } = published
    if (!canWrite(user.id)) return
    const lease = findOrAdd(`${origin.node}/${published.device}`, user, origin)
    if (!lease) return
    lease.number = origin.number
    lease.heardAt = serverNow()
    if (!session) {
      end(lease)
      return
    }
    rename(lease, published)
    const { device } = lease
    const room = openRoom()
    const until = endOf(origin)
    const mirrored = lease.since === session.since ? sessionOf(lease, room) : undefined
    lease.since = session.since
    if (mirrored?.activity === session.activity) {
      mirrored.until = until
      return
    }
    const since = mirrored?.since ?? Math.round(Math.min(serverNow(), origin.toLocal(session.since)))
    leases.mirror({ device, room, session: { activity: session.activity, since, until } })
  }

  return {
    receive(published, origin) {
      forgetEnded()
      if (!origin.expired) {
        for (const lease of published) receive(lease, origin)
        return
      }
      // It may not be true any more.
      const user = published[0]?.user.id
      logCluster({ event: 'lease ignored', reason: 'expired', user, conversation: undefined })
    },
    doubt() {
      doubtedAt = serverNow()
      const until = doubtedAt + CONFIRM_WITHIN
      for (const lease of remote.values()) {
        for (const room of lease.device.typingIn ?? []) {
          const session = sessionOf(lease, room)
          if (session && session.until > until) session.until = until
        }
      }
    },
    end() {
      for (const lease of remote.values()) end(lease)
      remote.clear()
    },
  }
}
