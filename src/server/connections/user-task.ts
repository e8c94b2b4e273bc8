import type { SendFailure } from '../../core/message/send-result.ts'
import type { Device } from '../model.ts'
import { connectionTooFast, identityChanged } from '../refusals.ts'
import { type Connection, enqueue, enqueueBeside } from './connection.ts'

/** What is done in the name of a connection's user. */
export interface UserTask {
  readonly connection: Connection
  /** Called with the reason if it is not done. */
  readonly onRefused: (reason: SendFailure) => void
  /** A promise when something has to be waited for. */
  readonly run: (device: Device) => unknown
}

/** Runs a task in the connection's order, once its user is known. */
export function runInOrder(task: UserTask): void {
  if (!enqueue(task.connection, inNameOfUser(task))) task.onRefused(connectionTooFast)
}

/** Runs a task once the connection's user is known. It waits for nothing else, and messages after it wait for it. */
export function runBeside(task: UserTask): void {
  if (!enqueueBeside(task.connection, inNameOfUser(task))) task.onRefused(connectionTooFast)
}

/** Runs a task at once if the connection's user is known: it overtakes what waits for permission. */
export function runAtOnce(task: UserTask): void {
  const { device } = task.connection
  if (device) task.run(device)
  else runInOrder(task)
}

/** T3: what was sent in the name of one user is never done in the name of another one. */
function inNameOfUser({ connection, onRefused, run }: UserTask): () => unknown {
  const sender = connection.device
  return () => {
    const { device, rejection } = connection
    if (device && (!sender || device === sender)) return run(device)
    if (device) onRefused(identityChanged)
    else if (rejection) onRefused(rejection.reason)
    return undefined
  }
}
