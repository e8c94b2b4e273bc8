import { expect, onTestFinished, test, vi } from 'vitest'
import { watchElement } from '../../../src/react/input/watch-element.ts'

function setHidden(page: Document, hidden: boolean) {
  Object.defineProperty(page, 'hidden', { value: hidden, configurable: true })
  onTestFinished(() => void Reflect.deleteProperty(page, 'hidden'))
  page.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
}

/** Watches an element of a page, and counts how often the window of the element was hidden. */
function watchIn(page: Document) {
  const element = page.body.appendChild(page.createElement('div'))
  const onWindowHidden = vi.fn()
  const unwatch = watchElement(element, { onBeforeInput() {}, onWindowHidden })
  onTestFinished(() => {
    unwatch()
    element.remove()
  })
  return onWindowHidden
}

test('S4: another window that is shown again is not one that is hidden', () => {
  const frame = document.body.appendChild(document.createElement('iframe'))
  onTestFinished(() => frame.remove())
  const page = frame.contentDocument!
  const onWindowHidden = watchIn(page)
  setHidden(page, false)
  expect(onWindowHidden).not.toHaveBeenCalled()
  setHidden(page, true)
  expect(onWindowHidden).toHaveBeenCalledTimes(1)
})

test('the window of this program is left to the client, which watches it by itself', () => {
  const onWindowHidden = watchIn(document)
  setHidden(document, true)
  window.dispatchEvent(new Event('pagehide'))
  expect(onWindowHidden).not.toHaveBeenCalled()
})
