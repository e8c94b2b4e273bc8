import { afterEach, expect, test } from 'vitest'
import { createFakeNode } from '../../support/cluster/fake-node.ts'
import { startMemoryNodes } from '../../support/cluster/nodes.ts'
import { closeAll, names, startServer, type TestServer, until } from '../../support/server/harness.ts'

const group = { group: 'team' }

afterEach(closeAll)

/** How many own leases and how many remote leases each node has. */
const leasesOf = (nodes: readonly TestServer[]) =>
  nodes.map(({ online }) => {
    const { leases, bus } = online.stats()
    return [leases, bus?.leases]
  })

test('R1, R3: a group’s typing updates are right with its typists on different nodes, and each change arrives once', async () => {
  const { nodes } = await startMemoryNodes(3)
  const [one, two, three] = nodes
  const [ann, bob, cy] = [await one.connect('ann'), await two.connect('bob'), await three.connect('cy')]
  const sees = [await ann.watch(group), await bob.watch(group), await cy.watch(group)]
  const seen = () => sees.map((states) => names(states.at(-1)) ?? [])
  ann.client.typing(group).keystroke()
  await until(() => seen()[1]!.length && seen()[2]!.length)
  bob.client.typing(group).startActivity('recording')
  await until(() => seen()[0]!.length === 1 && seen()[2]!.length === 2)
  // T4: nobody sees themselves typing.
  expect(seen()).toEqual([['bob'], ['ann'], ['ann', 'bob']])
  expect(sees[2]!.at(-1)?.typists.map(({ activity }) => activity)).toEqual(['typing', 'recording'])
  expect(leasesOf(nodes)).toEqual([
    [1, 1],
    [1, 1],
    [0, 2],
  ])
  ann.client.typing(group).stop()
  bob.close()
  await until(() =>
    leasesOf(nodes)
      .flat()
      .every((leases) => !leases),
  )
  await until(() => seen()[2]!.length === 0)
  expect([sees[0]!.length, sees[2]!.length]).toEqual([2, 4])
})

test('several devices of one user on several nodes are one typist, until the last of them ends', async () => {
  const { nodes } = await startMemoryNodes(3)
  const [one, two, three] = nodes
  const [phone, laptop, bob] = [await one.connect('ann'), await two.connect('ann'), await three.connect('bob')]
  const states = await bob.watch({ user: 'ann' })
  const own = await laptop.watch({ user: 'bob' })
  phone.client.typing({ user: 'bob' }).keystroke()
  await until(() => states.length === 1)
  laptop.client.typing({ user: 'bob' }).keystroke()
  await until(() => three.online.stats().bus?.leases === 2)
  phone.client.typing({ user: 'bob' }).stop()
  await until(() => three.online.stats().bus?.leases === 1)
  await bob.settled()
  expect(states.map(names).every((typists) => typists?.join() === 'ann')).toBe(true)
  laptop.client.typing({ user: 'bob' }).stop()
  await until(() => !names(states.at(-1))?.length)
  expect(own).toEqual([])
})

test('a late subscriber on another node sees the typists within a round trip, and a node that starts late learns them', async () => {
  const { nodes, engine } = await startMemoryNodes(2)
  const [one, two] = nodes
  const ann = await one.connect('ann')
  const since = Date.now()
  ann.client.typing(group).keystroke()
  ann.client.typing({ user: 'bob' }).startActivity('file')
  await until(() => one.online.stats().leases === 2 && one.online.stats().bus?.pending === 0)
  // Nobody reads the conversations yet, so nobody has been sent anything.
  expect(two.online.stats().bus).toMatchObject({ leases: 0 })
  const bob = await two.connect('bob')
  const states = await bob.watch(group)
  await until(() => states.length, 'the answer has come', 1000)
  expect(names(states.at(-1))).toEqual(['ann'])
  expect(Math.abs(states.at(-1)!.typists[0]!.since - since)).toBeLessThan(1000)

  const three = await startServer({ plugin: { bus: engine.connect().bus } })
  const late = await three.connect('bob')
  const lateStates = await late.watch({ user: 'ann' })
  await until(() => lateStates.length, 'the answer has come', 1000)
  expect(lateStates.at(-1)?.typists).toMatchObject([{ id: 'ann', activity: 'file' }])
  expect([two.online.stats().bus?.leases, three.online.stats().bus?.leases]).toEqual([1, 1])
})

test('a second subscriber on a node that reads the conversation sees the typists with the answer to the subscription', async () => {
  const { nodes } = await startMemoryNodes(2)
  const [one, two] = nodes
  const [ann, bob, cy] = [await one.connect('ann'), await two.connect('bob'), await two.connect('cy')]
  const first = await bob.watch(group)
  ann.client.typing(group).keystroke()
  await until(() => first.length === 1)
  const states = await cy.watch(group)
  expect(names(states.at(-1))).toEqual(['ann'])
})

test('a disconnect and the plug-in’s close end leases on all nodes at once', async () => {
  const { nodes } = await startMemoryNodes(2)
  const [one, two] = nodes
  const [ann, dan, bob] = [await one.connect('ann'), await one.connect('dan'), await two.connect('bob')]
  const states = await bob.watch(group)
  ann.client.typing(group).keystroke()
  dan.client.typing(group).keystroke()
  await until(() => states.at(-1)?.total === 2)
  ann.socket.io.engine.close()
  await until(() => states.at(-1)?.total === 1, 'the typist of the closed tab is gone', 1000)
  one.online.close()
  await until(() => states.at(-1)?.total === 0, 'the typists of the closed node are gone', 1000)
  expect(two.online.stats().bus).toMatchObject({ leases: 0 })
})

test('S2, R2: a renewal does not cross the bus; a changed activity does', async () => {
  const { nodes, engine } = await startMemoryNodes(2)
  const [one, two] = nodes
  const [ann, bob] = [await one.raw('ann'), await two.connect('bob')]
  const states = await bob.watch(group)
  const fake = createFakeNode({ bus: engine.connect().bus })
  fake.read(fake.channels.conversation('ann', group))
  const lease = (activity: string) => ann.emit('om:lease', Date.now(), 7000, activity, group)
  for (let renewal = 0; renewal < 10; renewal++) lease('typing')
  await until(() => states.length === 1)
  for (let renewal = 0; renewal < 10; renewal++) lease('typing')
  lease('photo')
  await until(() => states.at(-1)?.typists[0]?.activity === 'photo')
  const activities = fake.receivedOf('leases').flatMap(({ leases }) => leases.map(({ session }) => session?.activity))
  expect([activities, states.length]).toEqual([['typing', 'photo'], 2])
})

test('T6: also on another node, a stop arrives before the message that follows it, and a new start after that message', async () => {
  const { nodes } = await startMemoryNodes(2)
  const [one, two] = nodes
  const [ann, bob] = [await one.connect('ann'), await two.connect('bob')]
  const seen: unknown[] = []
  bob.client.typists(group).subscribe(({ total }) => seen.push(total))
  bob.client.subscribe(group, 'note', ({ data }) => seen.push(data))
  await bob.watch(group)
  const typing = ann.client.typing(group)
  typing.keystroke()
  await until(() => seen.length === 1)
  typing.stop()
  void ann.client.send(group, 'note', 'sent')
  typing.keystroke()
  await until(() => seen.length === 4)
  expect(seen).toEqual([1, 0, 'sent', 1])
})
