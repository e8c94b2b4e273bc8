import type { Activity, TypingLease } from '../../core/typing/typing.ts'

/** A lease that a client takes, renews or releases. */
export interface OwnedLease {
  /** The client whose lease it is: any object of its own. */
  readonly owner: object
  /** The key of the conversation. */
  readonly key: string
  readonly lease: TypingLease
}

/**
 * The typing leases of all clients on one socket. A server knows one lease for each connection and conversation, so that
 * the leases of several clients have to share it (T8): it shows the activity that began last, until the last of them has
 * been released.
 */
export interface SharedLeases {
  /** Takes, renews or releases the lease of one client. Returns the lease to write: that of all clients together. */
  update(owned: OwnedLease): TypingLease
  /** The server has refused what this client wanted. */
  remove(owner: object, key: string): void
  /** The connection has ended, and all leases with it. */
  clear(): void
}

interface HeldLease {
  readonly activity: Activity
  readonly since: number
  /** When the client has to have renewed it, by `now`. */
  readonly expiresAt: number
}

/** @param now a steady clock, in milliseconds. */
export function createSharedLeases(now: () => number): SharedLeases {
  /** For each conversation, the leases of its clients: the activity that began last comes last. */
  const leasesByKey = new Map<string, Map<object, HeldLease>>()

  const remove = (owner: object, key: string) => {
    const leases = leasesByKey.get(key)
    leases?.delete(owner)
    if (leases?.size === 0) leasesByKey.delete(key)
  }

  return {
    update({ owner, key, lease }) {
      const { ttl, activity, since } = lease
      const time = now()
      const leases = leasesByKey.get(key) ?? new Map<object, HeldLease>()
      const isRenewal = leases.get(owner)?.activity === activity
      // A renewal keeps its place, so that two clients that renew by turns do not change what is shown.
      if (ttl <= 0 || !isRenewal) leases.delete(owner)
      if (ttl > 0) leases.set(owner, { activity, since, expiresAt: time + ttl })

      let latest: HeldLease | undefined
      let expiresAt = time
      for (const [holder, held] of leases) {
        if (held.expiresAt <= time) {
          leases.delete(holder)
          continue
        }
        latest = held
        expiresAt = Math.max(expiresAt, held.expiresAt)
      }
      if (!latest) {
        leasesByKey.delete(key)
        return lease
      }
      leasesByKey.set(key, leases)
      return { ttl: Math.round(expiresAt - time), activity: latest.activity, since: latest.since }
    },
    remove,
    clear() {
      leasesByKey.clear()
    },
  }
}
