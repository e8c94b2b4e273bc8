import { setTimeout as sleep } from 'node:timers/promises'

/** In milliseconds. */
const thinkingTime = 1000
const timePerWord = 60

const answers: readonly [subject: RegExp, answer: string][] = [
  [
    /typing|badge|dots/i,
    'Your page takes a typing lease with your first key, and renews it every five seconds while you write. It releases the ' +
      'lease at once when you stop, empty the field, send, hide the page or choose another conversation. If your page ' +
      'vanishes without a word, nobody renews the lease, and it expires after seven seconds. So a badge can be wrong for a ' +
      'few seconds, and it never stays for ever. That is all there is to it.',
  ],
  [
    /late|offline|store|stored|history/i,
    'An online message reaches the devices that are connected now, and is never stored. What has to stay is an ordinary ' +
      'message, as this answer is once it is whole.',
  ],
]

const otherAnswer =
  'I am no language model. I have one answer about typing, one about late messages, and this one for everything else. ' +
  'Ask something new while I speak, and I stop.'

/**
 * The place of a language model: says a prepared answer word by word, after a pause, as a model would.
 *
 * @throws an `AbortError`, as soon as `signal` is aborted.
 */
export async function* say(question: string, signal: AbortSignal): AsyncGenerator<string> {
  const [, answer] = answers.find(([subject]) => subject.test(question)) ?? [undefined, otherAnswer]
  await sleep(thinkingTime, undefined, { signal })
  for (const word of answer.split(/(?<= )/)) {
    yield word
    await sleep(timePerWord, undefined, { signal })
  }
}
