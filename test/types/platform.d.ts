/** All that src/core may expect of its surroundings besides the language itself: tsconfig.core.json sees only this. */
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

/** Bundlers replace it; read for nothing but NODE_ENV. */
declare const process: { readonly env: { readonly NODE_ENV?: string } }

interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

declare class TextEncoder {
  encode(text: string): { readonly length: number }
}
