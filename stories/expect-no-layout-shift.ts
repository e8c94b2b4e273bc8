import { expect, waitFor } from 'storybook/test'

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))

/** After two frames the browser has laid out and painted what was there before. */
const painted = async () => {
  await nextFrame()
  await nextFrame()
}

const rectangleOf = (element: Element) => {
  const { x, y, width, height } = element.getBoundingClientRect()
  return [x, y, width, height].join(' ')
}

/** Everything but what a badge shows and what a live region announces. */
const NOT_IN_A_BADGE = ':not([data-typing-badge] *, [role=status])'

/**
 * Takes one step after another and proves that nothing moves: all elements that were there before have the same rectangle
 * in every frame, and the browser itself counts no layout shift.
 *
 * @param selector the elements that must not move.
 */
export async function expectNoLayoutShift(
  container: HTMLElement,
  steps: readonly (() => Promise<void>)[],
  selector: string = NOT_IN_A_BADGE,
): Promise<void> {
  await painted()
  const movedElements = watchRectangles(Array.from(container.querySelectorAll(selector)))
  const layoutShift = watchLayoutShift()

  for (const step of steps) await step()
  // The badge has faded out, too.
  const idleLabels = () => Array.from(container.querySelectorAll('[data-state=idle] > [data-part=label]'))
  await waitFor(() => expect(idleLabels().filter((label) => label.hasChildNodes())).toEqual([]))
  await painted()

  await expect(await movedElements.stop()).toEqual([])
  await expect(layoutShift.stop()).toBe(0)
}

/** Compares the rectangles in every frame. `stop` gives the elements that have moved. */
function watchRectangles(elements: readonly Element[]) {
  const before = new Map(elements.map((element) => [element, rectangleOf(element)]))
  const moved = new Set<Element>()
  let isWatching = true

  const watch = async () => {
    while (isWatching) {
      for (const [element, rectangle] of before) if (rectangleOf(element) !== rectangle) moved.add(element)
      await nextFrame()
    }
  }
  const watching = watch()

  return {
    async stop() {
      isWatching = false
      await watching
      return [...moved]
    },
  }
}

/** Adds up the browser's own figures. */
function watchLayoutShift() {
  let total = 0
  const add = (entries: PerformanceEntryList) => {
    for (const entry of entries) total += (entry as PerformanceEntry & { value: number }).value
  }
  const observer = new PerformanceObserver((list) => add(list.getEntries()))
  observer.observe({ type: 'layout-shift' })

  return {
    stop() {
      add(observer.takeRecords())
      observer.disconnect()
      return total
    },
  }
}
