/** What the scenarios share. */
import { ANN, type Received, type Stage } from '../stage.ts'

/** One play of the scripted server. Each scenario has a server and a client of its own. */
export interface Scenario {
  readonly name: string
  /** The rules of PROTOCOL.md that it checks. */
  readonly rules: string
  /** Whether the client has to take commands: without a program under test, it is left out. */
  readonly needsCommands?: true
  play(stage: Stage): Promise<void>
}

/** Commands to the client under test: protocol/README.md. */
export const KEYS: object = { do: 'keys', text: 'x' }
export const STOP: object = { do: 'stop' }
export const SEND: object = { do: 'send', command: 'wave', data: 'hello' }

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

export function check(condition: boolean, problem: string): void {
  if (!condition) throw new Error(problem)
}

/** Waits for a lease, or for a release with a `ttl` of 0, and checks its fields. */
export async function nextLease(stage: Stage, kind: 'taken' | 'released', within?: number): Promise<Received> {
  const lease = await stage.next('om:lease', within)
  const [stamp, ttl, , conversation] = lease.args
  const what = JSON.stringify(lease.args)
  check(JSON.stringify(conversation) === JSON.stringify(ANN), `The lease is for another conversation: ${what}.`)
  check(kind === 'taken' ? ttl === 7000 : ttl === 0, `The lease has to be ${kind}: ${what}.`)
  const age = stage.now() - Number(stamp)
  check(
    Number.isInteger(stamp) && age >= -1 && age < 1500,
    `The stamp is not the server's time: ${what}, ${age} ms old.`,
  )
  return lease
}

export const typist = (id: string, since = 1): object => ({ id, since })
