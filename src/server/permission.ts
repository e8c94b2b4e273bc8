import type { Device } from './model.ts'
import type { AuthorizationRequest, Settings } from './options.ts'

/**
 * Asks the app whether a device's user may, and asks again when a permission may have been revoked while the app was
 * thinking. Whatever goes wrong there, the answer is no.
 */
export function askPermission(
  authorize: Settings['authorize'],
  device: Device,
  request: AuthorizationRequest,
): boolean | Promise<boolean> {
  const { revocations } = device
  try {
    // Only true is yes: an app without types may answer anything.
    const answer: unknown = authorize(request)
    if (!(answer instanceof Object && 'then' in answer)) return answer === true
    return Promise.resolve(answer as PromiseLike<unknown>).then(
      (yes) => (device.revocations === revocations ? yes === true : askPermission(authorize, device, request)),
      complain,
    )
  } catch (error) {
    return complain(error)
  }
}

function complain(error: unknown): false {
  console.error('react-online-message: authorize failed, so the answer is no. Mend it so that it answers.', error)
  return false
}
