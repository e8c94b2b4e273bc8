import { failure, isFailure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import { settle } from '../../core/settle.ts'
import { ACTIVE, HELLO, LEASE, PROTOCOL_VERSION, SEND, SUBSCRIBE, type Welcome } from '../../core/transport/wire.ts'
import { serverNow } from '../clock.ts'
import { sendResult } from '../messages.ts'
import type { Device } from '../model.ts'
import { connectionTooFast, identityChanged } from '../refusals.ts'
import { type ClientEvent, createRefusePacket, type Handler, type HandlersOptions } from './client-event.ts'
import { parseLeasePacket, parseMessagePacket } from './parse-packet.ts'
import { createSubscribeHandler } from './subscribe-handler.ts'
import { runAtOnce, runInOrder } from './user-task.ts'

const wrongVersion = failure(
  'invalid',
  `This server speaks version ${PROTOCOL_VERSION} of the protocol. Use the same version of react-online-message on both sides.`,
)

/** One handler for each event of a client, by its name. Each survives every input. */
export function createHandlers(options: HandlersOptions): Record<string, Handler> {
  const { settings, hub, counters, limits, identification } = options
  const refuse = createRefusePacket(counters)

  function hello({ connection, args, answer }: ClientEvent): void {
    const [version] = args
    if (version !== PROTOCOL_VERSION) {
      answer(refuse(connection, wrongVersion))
      return
    }
    connection.mustSayHello = false
    identification.onHello(connection)
    const onRefused = (reason: SendFailure) => answer(refuse(connection, reason))
    const run = () => {
      const welcome: Welcome = {
        ok: true,
        version: PROTOCOL_VERSION,
        time: Math.round(serverNow()),
        maxAge: settings.maxAge,
        maxBytes: settings.maxBytes,
        tellActive: settings.activeDeviceOnly,
      }
      answer(welcome)
    }
    runAtOnce({ connection, onRefused, run })
  }

  function send({ connection, args, answer }: ClientEvent): void {
    const message = parseMessagePacket(args, settings.maxBytes, serverNow())
    if (isFailure(message)) {
      answer(refuse(connection, message))
      return
    }
    const { conversation, priority } = message
    const onRefused = (reason: SendFailure) => answer(refuse(connection, reason, conversation))
    if (connection.mustSayHello) {
      onRefused(identityChanged)
      return
    }
    if (!limits.takeMessage(connection, priority)) {
      onRefused(connectionTooFast)
      return
    }
    const run = (device: Device) =>
      settle(hub.send(device, message), (sent) => {
        // Not waited for: the next message goes on while other nodes count recipients.
        void settle(sendResult(sent), answer)
      })
    runInOrder({ connection, onRefused, run })
  }

  function lease({ connection, args, answer }: ClientEvent): void {
    const parsed = parseLeasePacket(args, serverNow())
    if (isFailure(parsed)) {
      answer(refuse(connection, parsed))
      return
    }
    const isRelease = parsed.ttl === 0
    const onRefused = (reason: SendFailure) => {
      // Whatever keeps it from being released, it is not held.
      if (!isRelease) answer(refuse(connection, reason, parsed.conversation))
    }
    if (connection.mustSayHello) {
      onRefused(identityChanged)
      return
    }
    if (!isRelease && !limits.takeMessage(connection, 'normal')) {
      onRefused(connectionTooFast)
      return
    }
    const run = (device: Device) => {
      // Not waited for: a lease delays no message. Only a refusal is answered.
      void settle(hub.lease(device, parsed), (result) => {
        if (isFailure(result)) answer(result)
      })
    }
    runAtOnce({ connection, onRefused, run })
  }

  function active({ connection: { device, mustSayHello } }: ClientEvent): void {
    if (device && !mustSayHello) hub.markActive(device)
  }

  const handlers: Record<string, Handler> = {
    [HELLO]: hello,
    [SUBSCRIBE]: createSubscribeHandler(options),
    [SEND]: send,
    [LEASE]: lease,
  }
  return settings.activeDeviceOnly ? { ...handlers, [ACTIVE]: active } : handlers
}
