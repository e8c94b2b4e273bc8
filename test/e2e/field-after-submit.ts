import type { Page } from 'playwright'

/** What is in the field when React has handled the next submit: nothing typed after it may meet the text that was sent. */
export const fieldAfterSubmit = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const look = () => resolve(document.querySelector<HTMLInputElement>('form input')!.value)
        addEventListener('submit', () => queueMicrotask(look), { once: true })
      }),
  )
