import type { Player, Stage } from '../../support/faults/stage.ts'
import type { FaultServer } from '../../support/faults/words.ts'

export const toAnn = { user: 'ann' }
export const toBob = { user: 'bob' }

/** Everything ann sends bob in a good hour, and the other way round: all of it has to arrive. */
export async function exchange(stage: Stage, ann: Player, bob: Player, count = 10): Promise<void> {
  await Promise.all([
    stage.send(ann, toBob, count, { may: [bob.name], must: [bob.name] }, 10),
    stage.send(bob, toAnn, count, { may: [ann.name], must: [ann.name] }, 10),
  ])
  await stage.settle()
}

/** Both paths are open, and what was sent on them before has come or never will. */
export async function bothWays(stage: Stage, ann: Player, bob: Player): Promise<void> {
  await stage.online(ann, bob)
  await Promise.all([stage.open(ann, toBob, bob), stage.open(bob, toAnn, ann)])
}

/** Ann, who reaches the server by `via`, and bob, who reaches it directly, are connected and talk. */
export async function talk(
  stage: Stage,
  server: FaultServer,
  via: FaultServer | string = server,
): Promise<[Player, Player]> {
  const ann = await stage.join('ann', { at: via, hears: [toBob] })
  const bob = await stage.join('bob', { at: server, hears: [toAnn] })
  await bothWays(stage, ann, bob)
  await exchange(stage, ann, bob)
  return [ann, bob]
}

/** After the gap: all is as it was before, nothing of the gap has come, and nothing is kept anywhere. */
export async function afterwards(stage: Stage, server: FaultServer, ann: Player, bob: Player): Promise<void> {
  await bothWays(stage, ann, bob)
  await exchange(stage, ann, bob)
  await bothWays(stage, ann, bob)
  await stage.look(server, [ann, bob], true)
}
