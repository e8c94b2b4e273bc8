import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  isPageVisible,
  setVisibilitySource,
  watchPageLifecycle,
  watchPageVisibility,
  webPage,
} from '../../src/core/page-lifecycle.ts'
import { fakePage } from '../support/fake-page.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  setVisibilitySource(webPage)
})

test('where there is no page, everything is visible and nothing is called', () => {
  expect(isPageVisible()).toBe(true)
  const onEvent = vi.fn()
  const unsubscribes = [
    watchPageVisibility({ onVisibilityChange: onEvent, onPageHide: onEvent }),
    watchPageLifecycle({ onAway: onEvent, onBack: onEvent }),
  ]
  for (const unsubscribe of unsubscribes) expect(unsubscribe).not.toThrow()
  expect(onEvent).not.toHaveBeenCalled()
})

describe('watchPageVisibility', () => {
  test('S4: calls back when the page hides, shows, gets the focus and is left, until unsubscribed', () => {
    const page = fakePage()
    const onVisibilityChange = vi.fn()
    const onPageHide = vi.fn()
    const unsubscribe = watchPageVisibility({ onVisibilityChange, onPageHide })
    page.hide()
    expect(isPageVisible()).toBe(false)
    page.show()
    expect(isPageVisible()).toBe(true)
    page.focus()
    expect(onVisibilityChange).toHaveBeenCalledTimes(3)
    expect(onPageHide).not.toHaveBeenCalled()
    page.leave()
    expect(onPageHide).toHaveBeenCalledTimes(1)
    unsubscribe()
    unsubscribe()
    page.hide()
    page.focus()
    page.leave()
    expect(onVisibilityChange).toHaveBeenCalledTimes(3)
    expect(onPageHide).toHaveBeenCalledTimes(1)
    expect(page.listeners()).toBe(0)
  })

  test('several subscribers do not disturb one another', () => {
    const page = fakePage()
    const first = vi.fn()
    const second = vi.fn()
    const unsubscribe = watchPageVisibility({ onVisibilityChange: first, onPageHide() {} })
    watchPageVisibility({ onVisibilityChange: second, onPageHide() {} })
    unsubscribe()
    page.hide()
    expect(first).not.toHaveBeenCalled()
    expect(second).toHaveBeenCalledTimes(1)
  })
})

test('S4: another source of visibility takes the place of the page, as in React Native', () => {
  const page = fakePage()
  const unwatch = vi.fn()
  const watch = vi.fn(() => unwatch)
  setVisibilitySource({ isVisible: () => false, watch })
  expect(isPageVisible()).toBe(false)

  const listener = { onVisibilityChange: vi.fn(), onPageHide: vi.fn() }
  expect(watchPageVisibility(listener)).toBe(unwatch)
  expect(watch).toHaveBeenCalledExactlyOnceWith(listener)
  page.hide()
  expect(listener.onVisibilityChange).not.toHaveBeenCalled()
})

describe('watchPageLifecycle', () => {
  test('calls back when the page is left or frozen and when it is back, until unsubscribed', () => {
    const page = fakePage()
    const calls: string[] = []
    const unsubscribe = watchPageLifecycle({ onAway: () => calls.push('away'), onBack: () => calls.push('back') })
    page.leave()
    page.restore()
    expect(calls).toEqual(['away', 'back'])
    // The browser dispatches these two to the document, and they do not bubble.
    page.freeze()
    page.resume()
    expect(calls).toEqual(['away', 'back', 'away', 'back'])
    unsubscribe()
    page.freeze()
    page.restore()
    expect(calls).toHaveLength(4)
    expect(page.listeners()).toBe(0)
  })
})
