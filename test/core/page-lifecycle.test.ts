import { afterEach, expect, test, vi } from 'vitest'
import { pageInSight, watchPage } from '../../src/core/page-lifecycle.ts'
import { fakePage } from '../support/fake-page.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('where there is no page, all is in sight and nothing is told', () => {
  expect(pageInSight()).toBe(true)
  const stop = watchPage(
    () => {},
    () => {},
  )
  expect(stop).not.toThrow()
})

test('S4 tells of a page that hides, shows, gets the focus and is left, until switched off', () => {
  const page = fakePage()
  const turned = vi.fn()
  const left = vi.fn()
  const stop = watchPage(turned, left)
  page.hide()
  expect(pageInSight()).toBe(false)
  page.show()
  expect(pageInSight()).toBe(true)
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
  const stop = watchPage(first, () => {})
  watchPage(second, () => {})
  stop()
  page.hide()
  expect(first).not.toHaveBeenCalled()
  expect(second).toHaveBeenCalledTimes(1)
})
