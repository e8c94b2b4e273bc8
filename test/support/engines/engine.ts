/** What the tests do with a browser, the same for every engine. A driver of each engine does it: see the other files. */

/** A key by its name in `KeyboardEvent.key`, such as `Backspace`, or the character that it writes. */
export type Key = string

export type Colours = 'light' | 'dark'

/** Preferences of a user, which a style sheet reads. */
export interface Preferences {
  readonly colours: Colours
  readonly reducedMotion: boolean
  readonly forcedColours: boolean
}

export interface EnginePage {
  /** Runs a function in the page. It takes and returns what JSON can hold, or a promise of that. */
  evaluate<T, A extends readonly unknown[]>(run: (...args: A) => T | Promise<T>, ...args: A): Promise<T>
  goto(url: string): Promise<void>
  reload(): Promise<void>
  /** Goes to the address before, maybe to the page that the back/forward cache has kept. Returns at once. */
  back(): Promise<void>
  /** Presses keys, one after the other. */
  press(...keys: readonly Key[]): Promise<void>
  /** Presses a key while the others are held. */
  chord(...keys: readonly Key[]): Promise<void>
  /** Clicks into the middle of an element. */
  click(selector: string): Promise<void>
  /** Writes one character with an input method, which shows something else before it commits the character. */
  compose(character: string): Promise<void>
  /** Whether the engine computes this role and this name for an element, for those who do not see it. */
  isAccessibleAs(selector: string, role: string, name: string): Promise<boolean>
  /** Writes a picture of what is seen, as PNG. */
  screenshot(file: string): Promise<void>
  resize(width: number, height: number): Promise<void>
  /** Closes the window, as its user does. */
  close(): Promise<void>
}

export interface Engine {
  readonly version: string
  /** Opens a window. */
  open(url: string): Promise<EnginePage>
  /**
   * Sets what its user prefers, for all windows that are opened from now on. The windows that are open may be lost.
   * WebKitGTK has no forced colours.
   */
  prefer(preferences: Partial<Preferences>): Promise<void>
  close(): Promise<void>
}

/** A browser that was found, by the name of its engine. */
export interface EngineLauncher {
  readonly name: string
  launch(): Promise<Engine>
}

/** A function and its arguments as one expression. */
export const callOf = (run: (...args: never[]) => unknown, args: readonly unknown[]): string =>
  `(${String(run)})(${args.map((arg) => (arg === undefined ? 'undefined' : JSON.stringify(arg))).join(', ')})`
