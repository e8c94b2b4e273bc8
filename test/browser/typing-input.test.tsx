import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { cdp, page, userEvent } from 'vitest/browser'
import { useTypingInput } from '../../src/index.ts'
import { typingBetweenTwo } from './typing-between-two.tsx'

const toBob = { user: 'bob' }

function Input({ text = '' }: { text?: string }) {
  const { inputProps } = useTypingInput(toBob)
  return <input aria-label="Message" defaultValue={text} {...inputProps} />
}

function Textarea({ text = '' }: { text?: string }) {
  const { inputProps } = useTypingInput(toBob)
  return <textarea aria-label="Message" defaultValue={text} {...inputProps} />
}

const editable = (text: string, props: object) => (
  <div contentEditable suppressContentEditableWarning role="textbox" aria-label="Message" {...props}>
    {text}
  </div>
)

function ContentEditable({ text = '' }: { text?: string }) {
  const { inputProps } = useTypingInput(toBob)
  return editable(text, inputProps)
}

function AroundAnInput({ text = '' }: { text?: string }) {
  const { inputProps } = useTypingInput(toBob)
  return (
    <form {...inputProps}>
      <input aria-label="Message" defaultValue={text} />
    </form>
  )
}

function AroundContentEditable({ text = '' }: { text?: string }) {
  const { inputProps } = useTypingInput(toBob)
  return <div {...inputProps}>{editable(text, {})}</div>
}

const fields: [string, (props: { text?: string }) => ReactNode][] = [
  ['an input', Input],
  ['a textarea', Textarea],
  ['a contenteditable', ContentEditable],
  ['something around an input', AroundAnInput],
  ['something around a contenteditable', AroundContentEditable],
]

const field = page.getByRole('textbox', { name: 'Message' })
const press = (keys: string) => userEvent.keyboard(keys)
const selectAll = () => press('{ControlOrMeta>}a{/ControlOrMeta}')

/** Shows an input method’s text before it is committed. */
const compose = (text: string) =>
  cdp().send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
const commit = (text: string) => cdp().send('Input.insertText', { text })

describe.each(fields)('inputProps on %s', (_, Field) => {
  test('S1, S4: keys count, and deleting the last character ends typing', async () => {
    const { bob } = typingBetweenTwo(<Field />)
    await field.click()
    await press('Hi')
    await bob.seesTyping()
    await press('{Backspace}{Backspace}')
    await bob.seesNobody()
  })

  test.each([
    ['Japanese', ['に', 'にほ', 'にほん'], '日本'],
    ['Chinese', ['n', 'ni', 'ni h', 'ni hao'], '你好'],
  ])('S6: %s composition counts from its first character', async (_language, steps, text) => {
    const { bob } = typingBetweenTwo(<Field />)
    await field.click()
    await compose(steps[0]!)
    await bob.seesTyping()
    for (const step of steps.slice(1)) await compose(step)
    await commit(text)
    await expect.poll(fieldText).toBe(text)
    await press('{Backspace}{Backspace}')
    await bob.seesNobody()
  })

  test('S4: a cancelled composition ends typing', async () => {
    const { bob } = typingBetweenTwo(<Field />)
    await field.click()
    await compose('に')
    await bob.seesTyping()
    await compose('')
    await bob.seesNobody()
  })

  test('S6: deleting a part counts', async () => {
    const { bob } = typingBetweenTwo(<Field text="Hello" />)
    await field.click()
    await press('{End}{Backspace}')
    await bob.seesTyping()
  })

  test('S4, S6: cutting everything ends typing, and pasting it counts', async () => {
    const { bob } = typingBetweenTwo(<Field text="Hello" />)
    await field.click()
    await press('{End}!')
    await bob.seesTyping()
    await selectAll()
    await userEvent.cut()
    await bob.seesNobody()
    await userEvent.paste()
    await bob.seesTyping()
    await expect.poll(fieldText).toBe('Hello!')
  })

  test('S6: undo counts', async () => {
    const { bob } = typingBetweenTwo(<Field />)
    await field.click()
    await press('Hi')
    await selectAll()
    await press('{Backspace}')
    await bob.seesNobody()
    await press('{ControlOrMeta>}z{/ControlOrMeta}')
    await bob.seesTyping()
  })

  test('S6: focus, modifiers and keys that move the caret do not count', async () => {
    const { bob } = typingBetweenTwo(<Field text="Hello" />)
    await field.click()
    await press('{Shift}{Control}{Alt}{Meta}{ArrowLeft}{ArrowRight}{Home}{End}{Escape}')
    await selectAll()
    await userEvent.copy()
    await press('{Tab}')
    await bob.hasSeenNothing()
  })

  test('S6: text set by a program does not count', async () => {
    const { bob } = typingBetweenTwo(<Field />)
    await field.click()
    const element = field.element()
    if (isField(element)) element.value = 'A draft'
    else element.textContent = 'A draft'
    await bob.hasSeenNothing()
  })
})

const isField = (element: Element) => element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
const fieldText = () => {
  const element = field.element()
  return isField(element) ? element.value : element.textContent
}

function Sending({ send }: { send: (text: string) => void }) {
  const { inputProps } = useTypingInput(toBob)
  const [text, setText] = useState('')
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    send(text)
    setText('')
  }
  return (
    <>
      <textarea
        aria-label="Message"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        {...inputProps}
      />
      <button onClick={() => setText('A restored draft')}>Restore</button>
    </>
  )
}

describe('inputProps on a controlled field', () => {
  test('S4: an Enter that sends and empties the field ends typing', async () => {
    const send = vi.fn()
    const { bob } = typingBetweenTwo(<Sending send={send} />)
    await field.click()
    await press('Hello')
    await bob.seesTyping()
    await press('{Enter}')
    expect(send).toHaveBeenCalledExactlyOnceWith('Hello')
    await bob.seesNobody()
  })

  test('S6: a restored draft does not count', async () => {
    const { bob } = typingBetweenTwo(<Sending send={() => {}} />)
    await page.getByRole('button', { name: 'Restore' }).click()
    await expect.element(field).toHaveValue('A restored draft')
    await bob.hasSeenNothing()
  })

  test('the app’s own handlers and ref are called as before', async () => {
    const calls: string[] = []
    function Own() {
      const { inputProps } = useTypingInput(toBob)
      return (
        <input
          aria-label="Message"
          ref={() => {
            calls.push('ref')
          }}
          onInput={() => calls.push('input')}
          onChange={() => calls.push('change')}
          {...inputProps}
        />
      )
    }
    const { bob } = typingBetweenTwo(<Own />)
    await field.click()
    await press('H')
    await bob.seesTyping()
    expect(new Set(calls)).toEqual(new Set(['ref', 'input', 'change']))
  })

  test('S6: a password does not count', async () => {
    function Form() {
      const { inputProps } = useTypingInput(toBob)
      return (
        <form {...inputProps}>
          <input type="password" aria-label="Password" />
          <input type="checkbox" aria-label="Remember me" />
        </form>
      )
    }
    const { bob } = typingBetweenTwo(<Form />)
    await page.getByLabelText('Password').click()
    await press('secret')
    await page.getByRole('checkbox').click()
    await bob.hasSeenNothing()
  })
})

describe('inputProps around', () => {
  /** A custom element whose shadow root has this HTML. */
  function ShadowField({ html }: { html: string }) {
    const { inputProps } = useTypingInput(toBob)
    const attach = (host: HTMLElement | null) => {
      if (!host || host.shadowRoot) return
      host.attachShadow({ mode: 'open' }).innerHTML = html
    }
    return (
      <section {...inputProps}>
        <div ref={attach} />
      </section>
    )
  }

  test.each([
    ['a contenteditable', '<div contenteditable role="textbox" aria-label="Message"></div>'],
    ['a plain text editor', '<div contenteditable="plaintext-only" role="textbox" aria-label="Message"></div>'],
    ['a textarea', '<textarea aria-label="Message"></textarea>'],
  ])('S1, S4: %s in a shadow root: keys count, and deleting the last character ends typing', async (_, html) => {
    const { bob } = typingBetweenTwo(<ShadowField html={html} />)
    await field.click()
    await press('Hi')
    await bob.seesTyping()
    await press('{Backspace}{Backspace}')
    await bob.seesNobody()
  })

  test('S6: an emoji picker: searching does not count', async () => {
    const html = '<input type="search" aria-label="Emoji">'
    const { bob } = typingBetweenTwo(<ShadowField html={html} />)
    await page.getByRole('searchbox', { name: 'Emoji' }).click()
    await press('smile')
    await bob.hasSeenNothing()
  })

  test('S4: an editor with nothing but a picture is not empty; deleting the picture ends typing', async () => {
    const { bob } = typingBetweenTwo(<AroundContentEditable />)
    await field.click()
    await press('a')
    await bob.seesTyping()
    const picture = Object.assign(new Image(), { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' })
    field.element().append(picture)
    await press('{Home}{Delete}')
    await expect.poll(() => field.element().innerHTML).toMatch(/^<img/)
    await bob.seesTyping()
    await press('{End}{Backspace}')
    await expect.poll(() => field.element().querySelector('img')).toBeNull()
    await bob.seesNobody()
  })
})
