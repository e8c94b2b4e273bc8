import { createBoundedMap } from '../../core/bounded-map.ts'

/** How long packets may be overtaken by others, in milliseconds: some adapters do not keep the order. */
const REORDER_TIME = 300

/** How often lost packets are reported at most, in milliseconds. */
const REPORT_INTERVAL = 1000

/** How many missing numbers of one sender are remembered. More than that do not arrive late: they are lost. */
const MAX_MISSING = 1024

/** How many senders are remembered. */
const MAX_SENDERS = 1024

/** Notices that packets of other nodes have been lost. Each node numbers its packets 1, 2, 3, … */
export interface PacketGaps {
  /** A packet has arrived. */
  packet(sender: string, number: number): void
  /** A node has repeated the number of its latest packet. */
  reminder(sender: string, latest: number): void
  stop(): void
}

interface Sender {
  latest: number
  readonly missing: Set<number>
  hasLost: boolean
  timer: NodeJS.Timeout | undefined
}

/**
 * @param onLost is called when a packet has been missing for 300 ms, and at most once a second. What was published
 *   before the first packet of a sender is not missing.
 */
export function createPacketGaps(onLost: () => void): PacketGaps {
  const senders = createBoundedMap<string, Sender>(MAX_SENDERS)
  let reportedAt = -Infinity
  let reportTimer: NodeJS.Timeout | undefined
  let isStopped = false

  const report = () => {
    if (reportTimer || isStopped) return
    const delay = reportedAt + REPORT_INTERVAL - performance.now()
    if (delay <= 0) reportNow()
    else reportTimer = setTimeout(reportNow, delay).unref()
  }
  const reportNow = () => {
    reportTimer = undefined
    reportedAt = performance.now()
    onLost()
  }

  /** Everything up to this number has been sent, and what has not arrived is missing. */
  const expectUpTo = (sender: Sender, number: number) => {
    if (number <= sender.latest) return
    const first = Math.max(sender.latest + 1, number - MAX_MISSING + 1)
    if (first > sender.latest + 1) sender.hasLost = true
    for (let missing = first; missing <= number; missing++) sender.missing.add(missing)
    sender.latest = number
  }

  const checkLater = (sender: Sender) => {
    if (sender.missing.size === 0 && !sender.hasLost) return
    sender.timer ??= setTimeout(() => {
      sender.timer = undefined
      if (sender.missing.size === 0 && !sender.hasLost) return
      sender.missing.clear()
      sender.hasLost = false
      report()
    }, REORDER_TIME).unref()
  }

  return {
    packet(id, number) {
      const sender = senders.get(id)
      if (!sender) {
        senders.set(id, newSender(number))
        return
      }
      expectUpTo(sender, number)
      sender.missing.delete(number)
      checkLater(sender)
    },
    reminder(id, latest) {
      const sender = senders.get(id)
      if (!sender) {
        senders.set(id, newSender(latest))
        return
      }
      expectUpTo(sender, latest)
      checkLater(sender)
    },
    stop() {
      isStopped = true
      clearTimeout(reportTimer)
    },
  }
}

const newSender = (latest: number): Sender => ({ latest, missing: new Set(), hasLost: false, timer: undefined })
