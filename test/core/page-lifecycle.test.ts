import { afterEach, expect, test, vi } from 'vitest'
import { isPageVisible, watchPageVisibility } from '../../src/core/page-lifecycle.ts'
import { fakePage } from '../support/fake-page.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('where there is no page, all is in sight and nothing is told', () => {
  expect(isPageVisible()).toBe(true)
  const stop = watchPageVisibility(
    () => {},
    () => {},
  )
  expect(stop).not.toThrow()
})

test('S4 tells of a page that hides, shows, gets the focus and is left, until switched off', () => {
  const page = fakePage()
  const turned = vi.fn()
  const left = vi.fn()
  const stop = watchPageVisibility(turned, left)
  page.hide()
  expect(isPageVisible()).toBe(false)
  page.show()
  expect(isPageVisible()).toBe(true)
  page.focus()
  expect(turned).toHaveBeenCalledTimes(3)
  expect(left).not.toHaveBeenCalled()
  page.leave()
  expect(left).toHaveBeenCalledTimes(1)
  stop()
  stop()
  page.hide()
  page.focus()
  page.leave()
  expect(turned).toHaveBeenCalledTimes(3)
  expect(left).toHaveBeenCalledTimes(1)
  expect(page.listeners()).toBe(0)
})

test('several watchers do not disturb one another', () => {
  const page = fakePage()
  const first = vi.fn()
  const second = vi.fn()
  const stop = watchPageVisibility(first, () => {})
  watchPageVisibility(second, () => {})
  stop()
  page.hide()
  expect(first).not.toHaveBeenCalled()
  expect(second).toHaveBeenCalledTimes(1)
})
