import { expect, test } from 'vitest'
import { createDevice } from '../../src/server/devices/device.ts'
import { waitForPermission } from '../../src/server/pending-subscriptions.ts'

/** A device that has asked about two conversations: "team", to which it may be subscribed, and "board". */
async function answerOne({ isRenewal }: { isRenewal: boolean }) {
  const device = createDevice({ id: 'ann' }, () => {})
  const answers: ((isAllowed: boolean) => void)[] = []
  const results = ['team', 'board'].map((group) =>
    waitForPermission({
      device,
      conversation: { group },
      isNew: group === 'board' || !isRenewal,
      allowed: new Promise((resolve) => answers.push(resolve)),
      decide: () => ({ ok: true }),
    }),
  )
  answers[0]!(true)
  await results[0]
  const afterOne = device.subscribing && {
    newCount: device.subscribing.newCount,
    waiting: device.subscribing.questions,
  }
  answers[1]!(true)
  await results[1]
  return { afterOne, afterAll: device.subscribing }
}

test.each([true, false])('what waits is counted until it is answered, a renewal (%s) not as new', async (isRenewal) => {
  expect(await answerOne({ isRenewal })).toEqual({ afterOne: { newCount: 1, waiting: 1 }, afterAll: undefined })
})
