import { expect, waitFor } from 'storybook/test'

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))

const rectOf = (element: Element) => {
  const { x, y, width, height } = element.getBoundingClientRect()
  return [x, y, width, height].join(' ')
}

/**
 * Does one thing after another and proves that nothing moves meanwhile: the rectangles of all elements that were there
 * are the same in every frame, and the browser itself counts no layout shift.
 *
 * @param which is to stay. By default everything but what a badge shows and what a live region says.
 */
export async function staysStill(
  inside: HTMLElement,
  acts: readonly (() => Promise<void>)[],
  which = ':not([data-typing-badge] *, [role=status])',
): Promise<void> {
  const still = Array.from(inside.querySelectorAll(which))
  await frame()
  await frame()
  const before = still.map(rectOf)
  const moved = new Set<Element>()
  const look = () => {
    for (const [index, element] of still.entries()) if (rectOf(element) !== before[index]) moved.add(element)
  }
  let shift = 0
  const add = (entries: PerformanceEntryList) => {
    for (const entry of entries) shift += (entry as PerformanceEntry & { value: number }).value
  }
  const observer = new PerformanceObserver((list) => add(list.getEntries()))
  observer.observe({ type: 'layout-shift' })
  let watching = true
  const watch = async () => {
    while (watching) {
      look()
      await frame()
    }
  }
  const watched = watch()

  for (const act of acts) await act()
  // The fade, too.
  const idle = () => Array.from(inside.querySelectorAll('[data-state=idle] > [data-part=label]'))
  await waitFor(() => expect(idle().filter((seen) => seen.hasChildNodes())).toEqual([]))
  await frame()
  await frame()
  watching = false
  await watched
  add(observer.takeRecords())
  observer.disconnect()
  await expect([...moved]).toEqual([])
  await expect(shift).toBe(0)
}
