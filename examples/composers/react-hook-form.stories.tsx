import type { Meta, StoryObj } from '@storybook/react-vite'
import { code, oneLine } from './docs.ts'
import { ReactHookFormComposer } from './samples/react-hook-form.tsx'
import source from './samples/react-hook-form.tsx?raw'
import { Scene } from './scene.tsx'

const meta: Meta = {
  title: 'Drop-in/react-hook-form',
  parameters: oneLine("<input {...register('message')} {...inputProps} />"),
}
export default meta

export const Composer: StoryObj = {
  render: () => <Scene composer={ReactHookFormComposer} />,
  parameters: code(source),
}
