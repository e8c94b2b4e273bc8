import { EVENT_TIMEOUT, type Participant, type Scenario } from '../../support/faults/scenario.ts'
import { until } from '../../support/until.ts'

/** The ids of the typists that a device shows, with commas between. Not for rows that watch several conversations. */
export const shownTypists = ({ typists }: Participant): string => typists.at(-1)?.ids.join() ?? ''

/** Waits until a device shows these typists. Plain Socket.IO has none. */
export async function untilShown(scenario: Scenario, participant: Participant, ids: string): Promise<void> {
  if (!scenario.isOurs) return
  await until(() => shownTypists(participant) === ids, `${participant.name} shows "${ids}"`, EVENT_TIMEOUT)
}

/** A badge that is shown now, though nobody types, is a late message. */
export function countGhosts(scenario: Scenario, ...participants: readonly Participant[]): void {
  const ghosts = participants.filter((participant) => shownTypists(participant) !== '')
  scenario.ledger.recordViolation('late', ghosts.length)
}
