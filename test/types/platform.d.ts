/** Everything that src/core may expect of its platform besides the language: tsconfig.core.json sees only this. */
interface Timer {
  readonly timer: never
}

declare function setTimeout(callback: () => void, ms?: number): Timer
declare function clearTimeout(timer: Timer | undefined): void
declare function queueMicrotask(callback: () => void): void

declare class AbortController {
  readonly signal: AbortSignal
  abort(): void
}

declare const performance: { now(): number }
declare const console: { warn(...data: readonly unknown[]): void }

interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}
