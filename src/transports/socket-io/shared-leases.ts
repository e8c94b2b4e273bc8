import type { TypingLease } from '../../core/typing/typing.ts'

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
  readonly lease: TypingLease
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
      const time = now()
      const leases = leasesByKey.get(key) ?? new Map<object, HeldLease>()
      leasesByKey.set(key, leases)
      const isTaken = lease.ttl > 0
      const isRenewal = leases.get(owner)?.lease.activity === lease.activity
      // A renewal keeps its place, so that two clients that renew by turns do not change what is shown.
      if (!isTaken || !isRenewal) leases.delete(owner)
      if (isTaken) leases.set(owner, { lease, expiresAt: time + lease.ttl })
      for (const [holder, { expiresAt }] of leases) {
        if (expiresAt <= time) leases.delete(holder)
      }

      const held = [...leases.values()]
      const latest = held[held.length - 1]
      if (!latest) {
        leasesByKey.delete(key)
        return lease
      }
      const expiresAt = Math.max(...held.map((one) => one.expiresAt))
      return { ...latest.lease, ttl: Math.round(expiresAt - time) }
    },
    remove,
    clear() {
      leasesByKey.clear()
    },
  }
}
