import type { ReactElement } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { expect, onTestFinished, test } from 'vitest'
import { TypingBadge, type Typist } from '../../src/index.ts'

const typists: readonly Typist[] = [
  { id: 'ada', name: 'Ada', activity: 'typing', since: 1, avatar: 'data:image/png;base64,broken' },
  { id: 'grace', name: 'Grace', activity: 'typing', since: 1 },
]

const page: ReactElement = (
  <main>
    {(['text', 'dots', 'bubble', 'avatars'] as const).map((variant) => (
      <TypingBadge key={variant} variant={variant} typists={typists} />
    ))}
    <TypingBadge variant="dots" announce={false} typists={typists} />
  </main>
)

/** A page without the style sheet that allows no inline style, and the violations that its browser reports. */
async function strictPage() {
  const frame = document.createElement('iframe')
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="style-src 'none'"><body></body>`
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
  document.body.append(frame)
  onTestFinished(() => frame.remove())
  await loaded
  const { body } = frame.contentDocument!
  const violations: string[] = []
  frame.contentDocument!.addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
    violations.push(violatedDirective)
  })
  return { body, violations }
}

/** A browser reports a violation in a task of its own. */
const reported = () => new Promise((resolve) => setTimeout(resolve, 50))

test('the test sees a violation when there is one', async () => {
  const { body, violations } = await strictPage()
  body.innerHTML = '<p style="color: red">Hello</p>'
  await expect.poll(() => violations).toEqual(['style-src-attr'])
})

test('a badge rendered on a server violates no strict policy, before and after it comes to life', async () => {
  const { body, violations } = await strictPage()
  body.innerHTML = renderToString(page)
  await reported()
  expect(violations).toEqual([])

  const root = hydrateRoot(body, page)
  onTestFinished(() => root.unmount())
  const region = () => body.querySelector('[role=status]')!
  await expect.poll(() => region().textContent, { timeout: 5000 }).toContain('are typing…')
  await reported()
  expect(violations).toEqual([])
})

test('without the style sheet a sentence is seen once, before and after its announcement', async () => {
  const { body } = await strictPage()
  const badge = <TypingBadge typists={typists} />
  body.innerHTML = renderToString(badge)
  /** The elements with the words of the sentence that take space on the screen. */
  const seen = () =>
    Array.from(body.querySelectorAll('[data-part=label], [data-part=announcement]')).filter((part) => {
      const { width, height } = part.getBoundingClientRect()
      return part.textContent.includes('are typing…') && width * height > 0
    })
  expect(seen()).toHaveLength(1)

  const root = hydrateRoot(body, badge)
  onTestFinished(() => root.unmount())
  await expect.poll(() => body.querySelector('[role=status]')!.textContent, { timeout: 5000 }).not.toBe('')
  expect(seen()).toHaveLength(1)
})
