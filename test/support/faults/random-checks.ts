import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Conversation } from '../../../src/core/index.ts'
import { becomesTrue } from '../until.ts'
import { CONVERSATIONS, MAX_AGE, type RandomDevice, type RandomRun } from './random-device.ts'

/** How long all devices may take to be online, in milliseconds. */
const ONLINE_TIMEOUT = 20_000

/** How long messages, and the typists that are shown, may take to be right, in milliseconds. A lease lives longer. */
const SETTLE_TIMEOUT = 4000

/** How long messages may take while a path may not be open yet, in milliseconds. */
const OPENING_TIMEOUT = 1000

/** How often the messages are sent at most, before one that is lost counts. */
const ATTEMPTS = 10

/** How the receivers name a sender's conversation: a group has one name, a user is named by the other one. */
const asReceived = (to: Conversation, sender: string): Conversation => (to.group === undefined ? { user: sender } : to)
const keyOf = ({ user, group }: Conversation) => (group === undefined ? `user ${user}` : `group ${group}`)

/** The devices that subscribe to what this sender sends to a conversation. */
function receiversOf(devices: readonly RandomDevice[], sender: RandomDevice, to: Conversation): RandomDevice[] {
  const key = keyOf(asReceived(to, sender.user))
  return devices.filter(({ user, subscriptions }) => {
    const isAddressed = to.group !== undefined || user === to.user
    const isSubscribed = [...subscriptions.keys()].some((index) => keyOf(CONVERSATIONS[index]!) === key)
    return isAddressed && user !== sender.user && isSubscribed
  })
}

interface Path {
  readonly sender: RandomDevice
  readonly conversation: number
  readonly receivers: readonly RandomDevice[]
}

/** Sends three messages on every path. */
async function sendOnAll(
  paths: readonly Path[],
  run: RandomRun,
  timeout: number,
): Promise<{ readonly allArrived: boolean; readonly wasSlow: boolean }> {
  run.greatestAge = 0
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const sent = paths.map(({ sender, conversation, receivers }) => ({
    receivers,
    numbers: sender.send(conversation, 3),
  }))
  const isComplete = () =>
    sent.every(({ receivers, numbers }) => receivers.every(({ received }) => numbers.every((n) => received.has(n))))
  const allArrived = await becomesTrue(isComplete, timeout)
  delay.disable()
  const longestBlock = delay.max / 1e6
  return { allArrived, wasSlow: longestBlock > MAX_AGE / 4 || run.greatestAge > MAX_AGE / 2 }
}

/**
 * T6: once every path is open, all messages arrive. Where a busy machine makes this process slow, messages rightly expire:
 * such an attempt does not count.
 */
async function checkNothingLost(online: readonly RandomDevice[], run: RandomRun): Promise<void> {
  const paths = online.flatMap((sender) =>
    CONVERSATIONS.flatMap((to, conversation): Path[] => {
      if (to.user === sender.user) return []
      const receivers = receiversOf(online, sender, to)
      return receivers.length ? [{ sender, conversation, receivers }] : []
    }),
  )
  let isOpen = false
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { allArrived, wasSlow } = await sendOnAll(paths, run, isOpen ? SETTLE_TIMEOUT : OPENING_TIMEOUT)
    if (allArrived && isOpen) return
    if (isOpen && !wasSlow) break
    isOpen ||= allArrived
  }
  run.broken.push(isOpen ? 'T6: a message is lost while connected' : 'T6: a path does not open')
}

/** R1, R3, R5: each device shows who types, and nobody else. */
async function checkTypists(devices: readonly RandomDevice[], online: readonly RandomDevice[], run: RandomRun) {
  const isTypingTo = (typist: RandomDevice, reader: RandomDevice, to: Conversation) => {
    if (!typist.isWanted || typist.user === reader.user) return false
    return [...typist.typingIn].some((index) => {
      const typed = CONVERSATIONS[index]!
      if (to.group !== undefined) return typed.group === to.group
      return typist.user === to.user && typed.user === reader.user
    })
  }
  const mistakes = () =>
    online.flatMap((reader) =>
      [...reader.subscriptions].flatMap(([index, { shownTypists }]) => {
        const to = CONVERSATIONS[index]!
        const typists = devices.filter((typist) => isTypingTo(typist, reader, to)).map(({ user }) => user)
        const expected = [...new Set(typists)].sort().join()
        const shown = shownTypists()
        return shown === expected ? [] : [`${reader.user} sees ${shown} in ${keyOf(to)} instead of ${expected}`]
      }),
    )
  if (await becomesTrue(() => mistakes().length === 0, SETTLE_TIMEOUT)) return
  run.broken.push(...mistakes().map((mistake) => `R1, R3, R5: ${mistake}`))
}

/** Lets everything come to rest, and compares what is received and shown with what is true. */
export async function checkRules(devices: readonly RandomDevice[], run: RandomRun): Promise<void> {
  for (const { proxy } of devices) proxy.resume()
  const wanted = devices.filter(({ isWanted }) => isWanted)
  if (!(await becomesTrue(() => wanted.every((device) => device.isOnline()), ONLINE_TIMEOUT))) {
    const states = devices.map(({ user, socket, isWanted, isOnline }) => {
      const { connected, active, id, io } = socket
      return { user, isWanted, isOnline: isOnline(), connected, active, id, engine: io.engine.readyState }
    })
    throw new Error(`T5: not every wanted device is online: ${JSON.stringify(states)}`)
  }
  const unwanted = devices.filter(({ isWanted }) => !isWanted)
  if (unwanted.some((device) => device.isOnline())) run.broken.push('T1: online after a disconnect')
  await checkNothingLost(wanted, run)
  await checkTypists(devices, wanted, run)
}
