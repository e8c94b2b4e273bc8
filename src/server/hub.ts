import type { Conversation } from '../core/message/conversation.ts'
import type { SendResult } from '../core/message/send-result.ts'
import type { User } from '../core/message/user.ts'
import { createActiveDevices, deliversToOne } from './active-device.ts'
import type { Bus } from './cluster/bus.ts'
import { type Cluster, createCluster } from './cluster/index.ts'
import type { FrameMaker } from './connections/frame.ts'
import { createDelivery, createLocalDelivery } from './delivery.ts'
import { looksTheSame } from './devices/device.ts'
import { countOf } from './devices/small-set.ts'
import { createUserDevices } from './devices/user-devices.ts'
import { createEvent, type Event } from './event.ts'
import type { CheckedLease, CheckedMessage, SendOutcome } from './messages.ts'
import type { Device } from './model.ts'
import type { Settings } from './options.ts'
import { startReauthorization } from './reauthorization.ts'
import type { Reidentification } from './reidentification.ts'
import { createRevocations, type Revocation } from './revocation.ts'
import { createRooms } from './rooms.ts'
import type { Counters, Stats } from './stats.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createLeases } from './typing/leases.ts'
import { createPendingLeases } from './typing/pending-leases.ts'
import { createTypingUpdates } from './typing/typing-updates.ts'

/**
 * What devices, connections and bots alike, ask of the server. `subscribe`, `send` and `lease` answer within the call,
 * and with a promise only while `authorize` thinks.
 */
export interface Hub {
  add(device: Device): void
  /** Ends the subscriptions and leases of a device that is gone. */
  remove(device: Device): void
  /** The device's user has another name or picture, and the same id. Whoever sees them type sees it at once (I1). */
  rename(device: Device, user: User): void
  devicesOf(userId: string): readonly Device[]
  subscribe(device: Device, conversation: Conversation): SendResult | Promise<SendResult>
  unsubscribe(device: Device, conversation: Conversation): void
  send(device: Device, message: CheckedMessage): SendOutcome | Promise<SendOutcome>
  /** Takes, renews or releases a typing lease. */
  lease(device: Device, lease: CheckedLease): SendResult | Promise<SendResult>
  /** The user has just used this device. */
  markActive(device: Device): void
  revoke(revocation: Revocation): void
  /** Has the connections of a user identified again, on all nodes. */
  reidentify(userId: string): void
  /** Connections of this node are to be identified again. */
  readonly onReidentify: Event<Reidentification>['on']
  stats(): Stats
  /** Ends what this node has on the other nodes, and publishes nothing more. */
  leaveCluster(): void
  close(): void
}

export interface HubOptions {
  readonly settings: Settings
  readonly makeFrame: FrameMaker
  readonly counters: Counters
  /** The way to other nodes, if there is one. */
  readonly bus: Bus | undefined
  /** Name of the Socket.IO namespace. */
  readonly namespace: string
}

/** Builds the parts of the server and connects them. Events run one way: no part knows the parts built after it. */
export function createHub({ settings, makeFrame, counters, bus, namespace }: HubOptions): Hub {
  const devices = createUserDevices()
  const rooms = createRooms()
  const typingUpdates = createTypingUpdates(settings, rooms, makeFrame, counters)
  const leases = createLeases(rooms, typingUpdates, counters)
  const subscriptions = createSubscriptions({ settings, rooms, typingUpdates, makeFrame, counters })
  const revocations = createRevocations({ settings, devices, subscriptions, leases })
  const { revokeLocally } = revocations
  const deliverLocally = createLocalDelivery({ settings, makeFrame, counters })

  const reidentification = createEvent<Reidentification>()

  /** Until this node leaves it. */
  let cluster: Cluster | undefined =
    bus &&
    createCluster({
      bus,
      namespace,
      settings,
      rooms,
      leases,
      counters,
      deliverLocally,
      revokeLocally,
      reidentifyLocally: reidentification.emit,
      activeDeviceChanged: typingUpdates.activeDeviceChanged,
    })

  const activeDevices = createActiveDevices(settings)
  const { markActive } = activeDevices
  const delivery = createDelivery({ settings, rooms, counters, deliverLocally, markActive, peers: cluster })
  const pendingLeases = createPendingLeases({ settings, rooms, leases, counters, markActive })

  subscriptions.onChange((room) => {
    cluster?.devicesChanged(room)
    if (deliversToOne(settings, room)) typingUpdates.activeDeviceChanged(room)
  })
  activeDevices.onUse((room) => {
    cluster?.deviceUsed(room)
    typingUpdates.activeDeviceChanged(room)
  })
  leases.onChange(({ device, room, session }) => cluster?.announceLease(device, room, session))

  function leaveCluster(): void {
    cluster?.close()
    cluster = undefined
  }

  /** While there are devices. */
  let stopReauthorization: (() => void) | undefined

  return {
    add(device) {
      activeDevices.start(device)
      devices.add(device)
      cluster?.userAdded(device.user.id)
      if (!Number.isFinite(settings.reauthorizeInterval)) return
      stopReauthorization ??= startReauthorization(settings.reauthorizeInterval, devices, (due) => {
        void revocations.reauthorize(due)
      })
    },
    remove(device) {
      device.gone = true
      pendingLeases.cancelAll(device)
      leases.releaseAll(device)
      subscriptions.unsubscribeAll(device)
      devices.remove(device)
      if (devices.of(device.user.id).length === 0) cluster?.userRemoved(device.user.id)
      if (devices.count()) return
      stopReauthorization?.()
      stopReauthorization = undefined
    },
    rename(device, user) {
      if (looksTheSame(device.user, user)) return
      device.user = user
      leases.renamed(device)
    },
    devicesOf: devices.of,
    subscribe: subscriptions.subscribe,
    unsubscribe: subscriptions.unsubscribe,
    send: delivery.send,
    lease: pendingLeases.request,
    markActive,
    revoke(revocation) {
      revokeLocally(revocation, Infinity)
      cluster?.revoke(revocation)
    },
    reidentify(userId) {
      reidentification.emit({ user: userId, before: Infinity })
      cluster?.reidentify(userId)
    },
    onReidentify: reidentification.on,
    stats() {
      let subscriptionCount = 0
      for (const device of devices.all()) subscriptionCount += countOf(device.subscriptions)
      const { dropped, ...others } = counters
      return {
        connections: devices.count(),
        subscriptions: subscriptionCount,
        ...others,
        dropped: { ...dropped },
        ...(cluster && { bus: cluster.stats() }),
      }
    },
    leaveCluster,
    close() {
      stopReauthorization?.()
      // First: it ends this node's leases on the other nodes, so the leases below need not be announced.
      leaveCluster()
      leases.close()
    },
  }
}
