import { withCode } from '../core/errors.ts'
import type { Device } from './model.ts'
import type { AuthorizationRequest, Settings } from './options.ts'
import { isThenable } from './thenable.ts'

/**
 * Asks the app whether a device's user may do something. Only a strict `true` grants it: an app without types may answer
 * anything. Throwing or rejecting denies it. An answer that was asked for before a revocation is asked for again.
 */
export function askPermission(
  authorize: Settings['authorize'],
  device: Device,
  request: AuthorizationRequest,
): boolean | Promise<boolean> {
  const { revocations } = device
  try {
    const answer: unknown = authorize(request)
    if (!isThenable(answer)) return answer === true
    return Promise.resolve(answer).then(
      (yes) => (device.revocations === revocations ? yes === true : askPermission(authorize, device, request)),
      deny,
    )
  } catch (error) {
    return deny(error)
  }
}

function deny(error: unknown): false {
  console.error(
    withCode(
      'authorize-failed',
      'authorize failed, so permission was denied. Fix it so that it answers true or false.',
    ),
    error,
  )
  return false
}
