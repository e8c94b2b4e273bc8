import { composeStories, setProjectAnnotations } from '@storybook/react-vite'
import { cdp } from 'vitest/browser'
import preview from '../../.storybook/preview.tsx'

setProjectAnnotations(preview)

export interface EveryStory {
  readonly id: string
  /** Renders the story into this element and plays it. The story before it is removed. */
  run(canvasElement: HTMLElement): Promise<void>
}

interface Composed extends Pick<EveryStory, 'id'> {
  run(context: { readonly canvasElement: HTMLElement }): Promise<void>
}

/** All stories of the files that `import.meta.glob` has found. */
export const storiesOf = (files: Readonly<Record<string, unknown>>): EveryStory[] =>
  Object.values(files)
    .flatMap((file) => Object.values<Composed>(composeStories(file as never)))
    .map((story) => ({
      id: story.id,
      run: (canvasElement) => story.run({ canvasElement }),
    }))

/** Emulates a user's preferences, as the browser's developer tools do. */
export async function prefer(features: Readonly<Record<string, string>>): Promise<void> {
  await (cdp().send('Emulation.setEmulatedMedia', {
    features: Object.entries(features).map(([name, value]) => ({ name, value })),
  }) as Promise<unknown>)
  for (const [name, value] of Object.entries(features)) {
    if (!matchMedia(`(${name}: ${value})`).matches) throw new Error(`${name}: ${value} is not emulated.`)
  }
}
