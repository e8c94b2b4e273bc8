/** How often the node that has the active device repeats its claim while other nodes have devices, in milliseconds. */
export const CLAIM_INTERVAL = 5000

/** After a silence of this time, the node that had the active device is gone, in milliseconds. */
export const CLAIM_LIFE = 8000

/** How long the answer to a question may take, in milliseconds. */
const ANSWER_TIME = 2000

/** What a node publishes about its devices. */
export interface Claim {
  /** At least 1: "I have the active device." 0 is a question for the node that has it. */
  readonly number: number
  /** When the latest device of the node was active, by our clock. 0: "I had the active device, and have it no more." */
  readonly activeAt: number
}

/** The claim of another node. */
export interface RemoteClaim extends Claim {
  readonly node: string
  /** By how much `activeAt` can be wrong, in milliseconds. */
  readonly errorBound: number
}

/**
 * Decides for one receiver and one conversation whether the active device is on this node, with `deliverTo:
 * 'active-device'`.
 *
 * The claim with the highest number has the active device, and of two equal ones that of the greater node id: so all nodes
 * agree. Whoever uses a device claims with a higher number than all before, so what came after something else counts as
 * later, whatever the clocks say. A node whose device was clearly used later than the claimed one claims with a still
 * higher number: the two have not heard of each other. A device that has just subscribed asks first; its node compares the
 * answer with its own time, and claims unless the other device was clearly used later. Until somebody has answered, both
 * nodes deliver, so at least one device always receives.
 */
export interface ActiveDeviceElection {
  /** Whether the active device is on another node. */
  isElsewhere(): boolean
  /** A device of this node has just been used. */
  used(): void
  /** A device has subscribed or unsubscribed. */
  devicesChanged(): void
  receive(claim: RemoteClaim): void
  /** Messages may have been lost: what this node knows may not be true any more. */
  doubt(): void
  /** To be called every second or so. */
  check(): void
}

export interface ActiveDeviceElectionOptions {
  /** The id of this node. */
  readonly node: string
  now(): number
  /** When the latest device of this node was active; 0 if there is none. */
  ownActiveAt(): number
  publish(claim: Claim): void
  /** Called when the active device has come to this node, or has gone. */
  onChange(): void
}

interface Holder {
  readonly node: string
  readonly number: number
  readonly heardAt: number
}

export function createActiveDeviceElection(options: ActiveDeviceElectionOptions): ActiveDeviceElection {
  const { node, now, ownActiveAt, publish, onChange } = options
  /**
   * The node with the highest claim. Unknown at first: then this node behaves as if it had the active device. It is this
   * node only after another one has been heard, so a node that is alone publishes no claim.
   */
  let holder: Holder | undefined
  let highestNumber = 0
  let askedAt = -Infinity
  let saidAt = -Infinity
  let latestActiveAt = 0

  const isElsewhere = () => holder !== undefined && holder.node !== node
  const isAsking = () => now() - askedAt < ANSWER_TIME

  function setHolder(next: Holder | undefined): void {
    const before = isElsewhere()
    holder = next
    if (isElsewhere() !== before) onChange()
  }

  function say(number: number): void {
    askedAt = -Infinity
    saidAt = now()
    publish({ number, activeAt: ownActiveAt() })
  }

  /** The active device is on this node from now on. */
  function claim(): void {
    highestNumber++
    say(highestNumber)
    setHolder({ node, number: highestNumber, heardAt: now() })
  }

  function ask(): void {
    askedAt = now()
    publish({ number: 0, activeAt: ownActiveAt() })
  }

  /** The node that had the active device has it no more: each node that has a device asks, and one of them claims. */
  function elect(): void {
    setHolder(undefined)
    if (ownActiveAt() !== 0) ask()
  }

  function receiveQuestion({ node: asking, activeAt }: RemoteClaim): void {
    if (activeAt === 0) {
      if (holder?.node === asking) elect()
      return
    }
    if (ownActiveAt() === 0) return
    if (!holder) claim()
    else if (holder.node === node) say(holder.number)
  }

  /** Whether a device of this node has been active since the one that is claimed. */
  function isLater({ activeAt, errorBound }: RemoteClaim): boolean {
    const own = ownActiveAt()
    if (own === 0) return false
    // A device that has just subscribed counts as later in case of doubt.
    return isAsking() ? own >= activeAt - errorBound : own > activeAt + errorBound
  }

  function receiveClaim(claimed: RemoteClaim): void {
    const { node: claiming, number } = claimed
    highestNumber = Math.max(highestNumber, number)
    if (holder && isHigher(holder, claimed)) {
      // It has not received this node's claim.
      if (holder.node === node) say(holder.number)
      return
    }
    if (isLater(claimed)) {
      claim()
      return
    }
    askedAt = -Infinity
    setHolder({ node: claiming, number, heardAt: now() })
  }

  return {
    isElsewhere,
    used() {
      latestActiveAt = ownActiveAt()
      if (isElsewhere()) claim()
    },
    devicesChanged() {
      const before = latestActiveAt
      latestActiveAt = ownActiveAt()
      const isLater = latestActiveAt > before
      const isEarlier = latestActiveAt < before
      const hasActiveDevice = holder?.node === node
      if (isLater && !hasActiveDevice) ask()
      if (!isEarlier || !hasActiveDevice) return
      publish({ number: 0, activeAt: 0 })
      elect()
    },
    receive(claimed) {
      if (claimed.number === 0) receiveQuestion(claimed)
      else receiveClaim(claimed)
    },
    doubt() {
      // The node that had it may be gone.
      if (isElsewhere()) setHolder(undefined)
      if (ownActiveAt() !== 0) ask()
    },
    check() {
      if (ownActiveAt() === 0 || !holder) return
      if (holder.node !== node) {
        if (now() - holder.heardAt > CLAIM_LIFE) elect()
      } else if (now() - saidAt >= CLAIM_INTERVAL) {
        say(holder.number)
      }
    },
  }
}

const isHigher = (one: Pick<Holder, 'node' | 'number'>, other: Pick<Holder, 'node' | 'number'>): boolean =>
  one.number > other.number || (one.number === other.number && one.node > other.node)
