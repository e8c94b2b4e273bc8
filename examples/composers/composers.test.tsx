import { composeStory, type StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import {
  type OnlineMessageClient,
  OnlineMessageProvider,
  useOnlineMessage,
  useOnlineMessageClient,
  useTypingInput,
} from '../../src/index.ts'
import { APP_MESSAGE, typingBetweenTwo } from '../../test/browser/typing-between-two.tsx'
import { fieldAt } from '../../test/support/react/field-at.ts'
import * as antDesignX from './ant-design-x.stories.tsx'
import * as assistantUi from './assistant-ui.stories.tsx'
import * as chatscope from './chatscope.stories.tsx'
import { AntDesignXComposer } from './samples/ant-design-x.tsx'
import { AssistantUiComposer } from './samples/assistant-ui.tsx'
import { ChatscopeComposer } from './samples/chatscope.tsx'
import { type ComposerProps, REPLY } from './samples/composer-props.ts'
import { LexicalComposer } from './samples/lexical.tsx'
import { MuiComposer } from './samples/mui.tsx'
import { ReactHookFormComposer } from './samples/react-hook-form.tsx'
import { SlateComposer } from './samples/slate.tsx'
import { TextareaComposer } from './samples/textarea.tsx'
import { answer } from './samples/thinking-assistant.ts'
import { TiptapComposer } from './samples/tiptap.tsx'
import * as lexical from './lexical.stories.tsx'
import * as mui from './mui.stories.tsx'
import {
  clickField,
  compose,
  fieldText,
  findField,
  insert,
  pickCut,
  pickPaste,
  pickWord,
  press,
  reads,
  selectAll,
} from './person.ts'
import * as textarea from './plain-textarea.stories.tsx'
import * as reactHookForm from './react-hook-form.stories.tsx'
import { type Answer, Scene } from './scene.tsx'
import * as slate from './slate.stories.tsx'
import * as tiptap from './tiptap.stories.tsx'

type Composer = (props: ComposerProps) => ReactNode

const composers: [string, Composer, StoryObj][] = [
  ['a plain textarea', TextareaComposer, textarea.Composer],
  ['react-hook-form', ReactHookFormComposer, reactHookForm.Composer],
  ['MUI TextField', MuiComposer, mui.Composer],
  ['TipTap', TiptapComposer, tiptap.Composer],
  ['Lexical', LexicalComposer, lexical.Composer],
  ['Slate', SlateComposer, slate.Composer],
  ['@chatscope/chat-ui-kit-react', ChatscopeComposer, chatscope.Composer],
  ['@assistant-ui/react', AssistantUiComposer, assistantUi.Composer],
  ['Ant Design X', AntDesignXComposer, antDesignX.Composer],
]

const toBob = { user: 'bob' }

/** Ann's composer, in an app that sends her messages over the same transport as typing. */
function App({ composer: Composer, ...props }: { composer: Composer } & Partial<ComposerProps>) {
  const send = useOnlineMessage<string>({ conversation: toBob, command: APP_MESSAGE })
  return <Composer user="bob" send={(text) => void send(text)} {...props} />
}

/** `inputProps` around the whole app. The client inside sends no typing, and no end of it, so only these count. */
function Around({ children }: { children: ReactNode }) {
  const { inputProps } = useTypingInput(toBob)
  const client = useOnlineMessageClient()
  const clientWithoutTyping: OnlineMessageClient = {
    ...client,
    typing: () => ({ keystroke() {}, startActivity: () => () => {}, stop() {} }),
  }
  return (
    <div {...inputProps}>
      <OnlineMessageProvider client={clientWithoutTyping}>{children}</OnlineMessageProvider>
    </div>
  )
}

const button = (name: string) =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)!

/** What the screen of a person shows in a story. */
const screenOf = (name: string) => ({
  badge: () => document.querySelector(`section[aria-label=${name}] [data-state=typing] [data-part=label]`)?.textContent,
  messages: () =>
    [...document.querySelectorAll(`section[aria-label=${name}] li`)].map(({ textContent }) => textContent),
})

describe.each(composers)('%s', (_, composer, story) => {
  const render = (props: Partial<ComposerProps> = {}) => typingBetweenTwo(<App composer={composer} {...props} />)

  test('its story: Bob sees Ann typing, and then her message', async () => {
    const Story = composeStory(story, {})
    typingBetweenTwo(<Story />)
    const bob = screenOf('Bob')
    await clickField()
    await press('Hello')
    await expect.poll(bob.badge).toBe('The other party is typing…')
    await press('{Enter}')
    await expect.poll(bob.messages).toEqual(['Hello'])
    await expect.poll(bob.badge).toBeUndefined()
  })

  test('S1, S4: keys count, and deleting the last one ends typing', async () => {
    const { bob } = render()
    await clickField()
    await press('Hi')
    await bob.seesTyping()
    await reads('Hi')
    await press('{Backspace}{Backspace}')
    await reads('')
    await bob.seesNobody()
  })

  test('S4: an empty field is read as empty, whatever placeholder its library shows', async () => {
    render()
    await clickField()
    expect(fieldAt(findField()!)?.read()).toBe('')
  })

  test.each([
    ['Japanese', ['に', 'にほ', 'にほん'], '日本'],
    ['Chinese', ['n', 'ni', 'ni h', 'ni hao'], '你好'],
    ['Korean', ['ㅎ', '하', '한'], '한'],
  ])('S6: %s input counts from its first character', async (_language, steps, text) => {
    const { bob } = render()
    await clickField()
    await compose(steps[0]!)
    await bob.seesTyping()
    for (const step of steps.slice(1)) await compose(step)
    await insert(text)
    await reads(text)
    await selectAll()
    await press('{Backspace}')
    await bob.seesNobody()
  })

  test('S4: a cancelled composition ends typing', async () => {
    const { bob } = render()
    await clickField()
    await compose('に')
    await bob.seesTyping()
    await compose('')
    await bob.seesNobody()
  })

  test('S6: a swipe or dictation counts', async () => {
    const { bob } = render()
    await clickField()
    await insert('On my way')
    await bob.seesTyping()
    await reads('On my way')
  })

  test('S6: a word chosen from the spelling checker counts', async () => {
    const { bob } = render({ draft: 'Helo' })
    await clickField()
    await selectAll()
    await pickWord('Hello')
    await reads('Hello')
    await bob.seesTyping()
  })

  test('S6: deleting a part counts', async () => {
    const { bob } = render({ draft: 'Hello' })
    await clickField()
    await press('{End}{Backspace}')
    await bob.seesTyping()
    await reads('Hell')
  })

  test('S4, S6: cutting everything ends typing, and pasting it counts', async () => {
    const { bob } = render({ draft: 'Hello' })
    await clickField()
    await press('{End}!')
    await bob.seesTyping()
    // Slate notices a selection only after 100 ms.
    await expect
      .poll(async () => {
        await selectAll()
        await userEvent.cut()
        return fieldText()
      })
      .toBe('')
    await bob.seesNobody()
    await userEvent.paste()
    await bob.seesTyping()
    await reads('Hello!')
  })

  test('S4, S6: cutting and pasting from a menu, without a key, do the same', async () => {
    const { bob } = render()
    await clickField()
    await pickPaste('Hello')
    await bob.seesTyping()
    await reads('Hello')
    await expect
      .poll(async () => {
        await selectAll()
        await pickCut()
        return fieldText()
      })
      .toBe('')
    await bob.seesNobody()
  })

  test('S6: undo counts', async () => {
    const { bob } = render({ draft: 'Hello' })
    await clickField()
    await selectAll()
    await press('{Backspace}')
    await reads('')
    await bob.hasSeenNothing()
    await press('{ControlOrMeta>}z{/ControlOrMeta}')
    await reads('Hello')
    await bob.seesTyping()
  })

  test('S6: a restored draft, focus, modifiers and keys that only move the caret do not count', async () => {
    const { bob } = render({ draft: 'Hello' })
    await reads('Hello')
    await clickField()
    await press('{Shift}{Control}{Alt}{Meta}{ArrowLeft}{ArrowRight}{Home}{End}{Escape}')
    await selectAll()
    await userEvent.copy()
    await press('{Tab}')
    await bob.hasSeenNothing()
  })

  test('S6: a text set by a program does not count, and the next key does', async () => {
    const { bob } = render()
    await clickField()
    await userEvent.click(button('Canned reply'))
    await reads(REPLY)
    await bob.hasSeenNothing()
    await clickField()
    await press('{End}!')
    await bob.seesTyping()
  })

  test('a slash command does not count as typing, and the text that replaces it does', async () => {
    const { bob } = render({ ignore: (text) => text.startsWith('/') })
    await clickField()
    await press('/help')
    await reads('/help')
    await bob.hasSeenNothing()
    await selectAll()
    await press('Hi')
    await bob.seesTyping()
  })

  test('`ignore` is called with the text of the field, and with nothing else', async () => {
    const calls: string[] = []
    const { bob } = render({
      ignore(text) {
        calls.push(text)
        return false
      },
    })
    await clickField()
    await press('Hi')
    await bob.seesTyping()
    await press('{Backspace}{Backspace}')
    await bob.seesNobody()
    // Of keys in quick succession only the last one calls it.
    expect(calls).toContain('Hi')
    expect(['H', 'Hi']).toEqual(expect.arrayContaining(calls))
  })

  test('S4: an Enter that sends ends typing before the message arrives', async () => {
    const { bob } = render()
    await clickField()
    await press('Hello')
    await bob.seesTyping()
    await press('{Enter}')
    await bob.gets('Hello')
    await bob.seesNobody()
    await reads('')
  })

  test('S4: around the whole composer and without stop(), an Enter that empties the field ends typing', async () => {
    const { bob } = typingBetweenTwo(
      <Around>
        <App composer={composer} />
      </Around>,
    )
    await clickField()
    await press('Hello')
    await bob.seesTyping()
    await press('{Enter}')
    await reads('')
    await bob.seesNobody()
  })
})

describe('an assistant in Ant Design X', () => {
  test('is shown as thinking until it has answered', async () => {
    let answerWith = (_answer: string) => {}
    const modelAnswer = new Promise<string>((resolve) => {
      answerWith = resolve
    })
    const thinkingAssistant: Answer = (client, user, question) => answer(client, user, question, () => modelAnswer)
    const other = { id: 'assistant', name: 'Assistant' }
    typingBetweenTwo(<Scene composer={AntDesignXComposer} other={other} answer={thinkingAssistant} />)
    const ann = screenOf('Ann')
    const assistant = screenOf('Assistant')

    await clickField()
    await press('Why?')
    await expect.poll(assistant.badge).toBe('The other party is typing…')
    await press('{Enter}')
    await expect.poll(ann.badge).toBe('The other party is thinking…')
    expect(assistant.badge()).toBeUndefined()
    answerWith('Because.')
    await expect.poll(ann.messages).toEqual(['Why?', 'Because.'])
    await expect.poll(ann.badge).toBeUndefined()
  })
})
