import { testEveryStory } from './axe.ts'
import { storiesOf } from './every-story.ts'

testEveryStory(storiesOf(import.meta.glob('../../examples/composers/*.stories.tsx', { eager: true })))
