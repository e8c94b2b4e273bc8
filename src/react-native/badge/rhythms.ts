import type { Activity } from '../../core/typing/typing.ts'

/** How the dots of an activity move. Sizes are in em, scales and opacities are factors. */
export interface Rhythm {
  /** The length of one round, in milliseconds. */
  readonly duration: number
  /** How far a dot rises. */
  readonly rise: number
  readonly scale: Scale
  /** The scale at the height of the movement. */
  readonly peak: Scale
  /** Draws the dot in the middle alone. */
  readonly isSingle: boolean
}

interface Scale {
  readonly x: number
  readonly y: number
}

const ROUND = 1200

const even = (factor: number): Scale => ({ x: factor, y: factor })

/** A line that runs: for a photo, a video and a file. */
const line: Rhythm = { duration: ROUND, rise: 0, scale: { x: 1, y: 0.35 }, peak: { x: 1, y: 0.35 }, isSingle: false }

/** One dot after another rises. */
const typing: Rhythm = { ...line, rise: 0.2, scale: even(1), peak: even(1) }

/** The same rhythms as in the web's style sheet. */
const rhythms: Partial<Record<Activity, Rhythm>> = {
  typing,
  // One dot that swells.
  recording: { ...line, scale: even(1.5), peak: even(2), isSingle: true },
  // One dot after another grows.
  sticker: { ...line, scale: even(0.5), peak: even(1.1) },
  // All dots pulse, slowly and nearly together.
  thinking: { ...line, duration: 3 * ROUND, scale: even(1), peak: even(1) },
}

export const rhythmOf = (activity: Activity): Rhythm => rhythms[activity] ?? line
