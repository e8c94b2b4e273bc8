import { format } from 'node:util'
import createDebug from 'debug'
import { onTestFinished } from 'vitest'

/** The lines of one part of the log, until the test ends. Their times are at their ends. */
export function startLog(part: string): string[] {
  const lines: string[] = []
  const { log } = createDebug
  createDebug.log = (...args: unknown[]) => void lines.push(format(...args))
  createDebug.enable(`react-online-message:${part}`)
  onTestFinished(() => {
    createDebug.disable()
    createDebug.log = log
  })
  return lines
}
