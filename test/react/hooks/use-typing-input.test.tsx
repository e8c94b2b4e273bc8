import { act, fireEvent, renderHook, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { createElement, type ReactElement, useState } from 'react'
import { createPortal } from 'react-dom'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Conversation, type TypingInputOptions, useTypingIndicator, useTypingInput } from '../../../src/index.ts'
import { createHarness, type Harness, pass, withFakeClock } from '../../support/react/harness.tsx'

withFakeClock()

const BOB: Conversation = { user: 'bob' }
const seconds = (n: number) => pass(n * 1000)

/** Runs the next task, in which a key's effect on the text is known. */
const afterEvent = () => pass(1)

function Composer({ conversation = BOB, ...options }: TypingInputOptions & { conversation?: Conversation | null }) {
  const { inputProps } = useTypingInput(conversation, options)
  return <textarea {...inputProps} />
}

const textbox = () => screen.getByRole('textbox')
const type = (value: string) => fireEvent.input(textbox(), { target: { value } })

describe('a word that an input method commits as WebKit does: removed, and inserted in a later task', () => {
  /** The events of a field whose text has become `value` by this kind of input. */
  const change = (inputType: string, value: string) => {
    const field = textbox() as HTMLTextAreaElement
    fireEvent(field, new InputEvent('beforeinput', { inputType, bubbles: true, isComposing: true }))
    field.value = value
    fireEvent(field, new InputEvent('input', { inputType, bubbles: true, isComposing: true }))
  }
  const compose = () => {
    change('insertCompositionText', 'に')
    change('deleteCompositionText', '')
  }

  test.each([2, 13, 499])('S4: typing goes on when the word follows %d ms later', (ms) => {
    const { transport, show } = createHarness()
    show(<Composer />)
    compose()
    pass(ms)
    change('insertFromComposition', '日')
    seconds(1)
    expect(transport.leases()).toEqual(['bob taken'])
  })

  test('S4: typing ends when no word follows, also when a key is pressed meanwhile', () => {
    const { transport, show } = createHarness()
    show(<Composer />)
    compose()
    fireEvent.keyDown(textbox(), { key: 'Escape' })
    pass(499)
    expect(transport.leases()).toEqual(['bob taken'])
    pass(1)
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S1: in a field with other text, removing the composed text counts at once', () => {
    const { transport, show } = createHarness()
    show(<Composer />)
    change('insertCompositionText', 'Hello に')
    seconds(5)
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
    change('deleteCompositionText', 'Hello ')
    expect(transport.leases()).toEqual(['bob taken', 'bob released', 'bob taken'])
  })

  test('S4: a cut that empties the field while composing ends typing at once', () => {
    const { transport, show } = createHarness()
    show(<Composer />)
    change('insertCompositionText', 'に')
    change('deleteByCut', '')
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S4: a field that is unmounted before the word follows ends typing once', () => {
    const { transport, show, expectNothingLeft } = createHarness()
    const { unmount } = show(<Composer />)
    compose()
    unmount()
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
    expectNothingLeft()
    seconds(1)
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })
})

describe('what counts as typing', () => {
  test('S1: the first key takes a lease at once', () => {
    const { transport, show } = createHarness()
    show(<Composer />)
    type('h')
    expect(transport.leases()).toEqual(['bob taken'])
  })

  test('S2, S3: keys during a lease send nothing, and 4 s without a key release it', () => {
    const { transport, show } = createHarness()
    show(<Composer />)
    type('h')
    seconds(3)
    type('hi')
    expect(transport.leases()).toEqual(['bob taken'])
    seconds(4)
    expect(transport.leases()).toEqual(['bob taken', 'bob taken', 'bob released'])
  })

  const fields: Record<string, ReactElement> = {
    'an input': <input />,
    'an input of type email': <input type="email" />,
    'a textarea': <textarea />,
    'a contenteditable': <div contentEditable suppressContentEditableWarning />,
  }
  test.each(Object.entries(fields))('S6: an input event in %s counts, on the field or around it', (_, field) => {
    const { transport, show } = createHarness()
    const { container } = show(<Around>{field}</Around>)
    const element = container.querySelector('input, textarea, [contenteditable]')!
    if ('value' in element) fireEvent.input(element, { target: { value: 'hello' } })
    else {
      element.textContent = 'hello'
      fireEvent.input(element)
    }
    expect(transport.leases()).toEqual(['bob taken'])
  })

  test('S6: a custom element with a value is a field', () => {
    const { transport, show } = createHarness()
    show(<Around>{createElement('fancy-field', { 'data-testid': 'field' })}</Around>)
    const field = Object.assign(screen.getByTestId('field'), { value: 'a' })
    fireEvent.input(field)
    expect(transport.leases()).toEqual(['bob taken'])
  })

  const noFields: Record<string, ReactElement> = {
    'a password': <input data-testid="it" type="password" />,
    'a checkbox': <input data-testid="it" type="checkbox" />,
    'a slider': <input data-testid="it" type="range" />,
    'a select': (
      <select data-testid="it">
        <option>x</option>
      </select>
    ),
    'a button': <button data-testid="it">x</button>,
    'a heading': <h1 data-testid="it">x</h1>,
  }
  test.each(Object.entries(noFields))('S6: %s is no text field', (_, element) => {
    const { transport, show } = createHarness()
    show(<Around>{element}</Around>)
    fireEvent.input(screen.getByTestId('it'))
    fireEvent.keyDown(screen.getByTestId('it'), { key: 'a' })
    afterEvent()
    expect(transport.leases()).toEqual([])
  })

  test('S6: focus, modifier and arrow keys, and a value set by the program do not count', () => {
    const { transport, show } = createHarness()
    show(<Composer />)
    const field = textbox() as HTMLTextAreaElement
    field.value = 'a draft'
    fireEvent.focus(field)
    for (const key of ['Shift', 'Control', 'ArrowLeft', 'Tab', 'Escape']) {
      fireEvent.keyDown(field, { key })
      afterEvent()
    }
    field.value = 'another draft'
    seconds(10)
    expect(transport.leases()).toEqual([])
  })

  test.each(['keyDown', 'paste', 'cut', 'drop'] as const)(
    'S6: a %s that an editor handles itself, without an input event, counts when it changes the text',
    (event) => {
      const { transport, show } = createHarness()
      const { container } = show(
        <Around>
          <div contentEditable suppressContentEditableWarning>
            text
          </div>
        </Around>,
      )
      const editor = container.querySelector('[contenteditable]')!
      fireEvent[event](editor)
      editor.textContent = 'other text'
      expect(transport.leases()).toEqual([])
      afterEvent()
      expect(transport.leases()).toEqual(['bob taken'])
    },
  )

  test('S6: dictated words that an editor writes itself count, in the conversation that is chosen then', () => {
    const { transport, show, expectNothingLeft } = createHarness()
    const editor = (conversation: Conversation) => (
      <Around conversation={conversation}>
        <div contentEditable suppressContentEditableWarning tabIndex={0} />
      </Around>
    )
    const { container, rerender, unmount } = show(editor(BOB))
    const field = container.querySelector<HTMLElement>('[contenteditable]')!
    // This is the only event: no key is pressed, and the editor has prevented the browser's own writing, so that no input
    // event follows.
    const dictate = (text: string) => {
      field.dispatchEvent(new InputEvent('beforeinput', { data: text, bubbles: true, cancelable: true }))
      field.textContent += text
      afterEvent()
    }

    act(() => field.focus())
    expect(transport.leases()).toEqual([])
    dictate('Hello ')
    expect(transport.leases()).toEqual(['bob taken'])

    rerender(editor({ group: 'team' }))
    expect(transport.leases().slice(1)).toEqual(['bob released'])
    fireEvent.keyDown(field, { key: 'Shift' })
    afterEvent()
    dictate('everybody')
    expect(transport.leases().slice(2)).toEqual(['team taken'])

    unmount()
    expect(transport.leases().slice(3)).toEqual(['team released'])
    dictate('!')
    expect(transport.leases().slice(4)).toEqual([])
    expectNothingLeft()
  })

  test('S6: dictation into a field that has the focus from the start counts, in the conversation that is chosen then', () => {
    const { transport, show } = createHarness()
    const field = (conversation: Conversation) => (
      <Around conversation={conversation}>
        <textarea autoFocus />
      </Around>
    )
    const dictate = (value: string) => {
      textbox().dispatchEvent(new InputEvent('beforeinput', { bubbles: true, cancelable: true }))
      Object.assign(textbox(), { value })
      afterEvent()
    }
    const { rerender } = show(field(BOB))
    dictate('Hello')
    expect(transport.leases()).toEqual(['bob taken'])
    rerender(field({ group: 'team' }))
    fireEvent.keyDown(textbox(), { key: 'Shift' })
    afterEvent()
    dictate('Hello everybody')
    expect(transport.leases().slice(1)).toEqual(['bob released', 'team taken'])
  })

  test('S6: dictation counts in an editor that stops the event on its way up', () => {
    const { transport, show } = createHarness()
    const { container } = show(
      <Around>
        <div contentEditable suppressContentEditableWarning tabIndex={0} />
      </Around>,
    )
    const field = container.querySelector<HTMLElement>('[contenteditable]')!
    field.addEventListener('beforeinput', (event) => event.stopPropagation())
    act(() => field.focus())
    field.dispatchEvent(new InputEvent('beforeinput', { data: 'Hello', bubbles: true, cancelable: true }))
    field.textContent = 'Hello'
    afterEvent()
    expect(transport.leases()).toEqual(['bob taken'])
  })

  test('S6: an event from inside a contenteditable is about its whole text', () => {
    const { transport, show } = createHarness()
    show(
      <Around>
        <div contentEditable suppressContentEditableWarning>
          <p data-testid="line">text</p>
        </div>
      </Around>,
    )
    fireEvent.drop(screen.getByTestId('line'))
    screen.getByTestId('line').after('more')
    afterEvent()
    expect(transport.leases()).toEqual(['bob taken'])
  })

  test('S6: keys that Testing Library presses count', async () => {
    vi.useRealTimers()
    const { transport, show } = createHarness()
    show(<Composer />)
    const user = userEvent.setup()
    await user.type(textbox(), '{Shift>}H{/Shift}ello')
    expect(transport.leases()).toEqual(['bob taken'])
  })

  test('S6: an input method counts while it composes', () => {
    const { transport, show } = createHarness()
    show(<Composer />)
    fireEvent.compositionStart(textbox())
    fireEvent.keyDown(textbox(), { key: 'Process', keyCode: 229, isComposing: true })
    fireEvent.input(textbox(), { target: { value: 'に' }, isComposing: true })
    expect(transport.leases()).toEqual(['bob taken'])
  })
})

describe('what ends typing', () => {
  test('S4: an emptied field releases the lease at once', () => {
    const { transport, show } = createHarness()
    show(<Composer />)
    type('hello')
    type('')
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test.each(['\u200B', '\uFEFF'])('S4: a contenteditable with nothing but %j is empty', (placeholder) => {
    const { transport, show } = createHarness()
    const { container } = show(
      <Around>
        <div contentEditable suppressContentEditableWarning />
      </Around>,
    )
    const editor = container.querySelector('[contenteditable]')!
    editor.textContent = 'hello'
    fireEvent.input(editor)
    editor.textContent = placeholder
    fireEvent.input(editor)
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S4: a placeholder that Slate writes into a contenteditable is no text', () => {
    const { transport, show } = createHarness()
    const { container } = show(
      <Around>
        <div contentEditable suppressContentEditableWarning />
      </Around>,
    )
    const editor = container.querySelector('[contenteditable]')!
    editor.innerHTML = 'H<span data-slate-placeholder="true" contenteditable="false">Say hello</span>'
    fireEvent.input(editor)
    expect(transport.leases()).toEqual(['bob taken'])
    editor.innerHTML = '\uFEFF<span data-slate-placeholder="true" contenteditable="false">Say hello</span>'
    fireEvent.input(editor)
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S4: an Enter that sends and empties the field ends typing', () => {
    const { transport, show } = createHarness()
    show(<Sender />)
    type('hello')
    fireEvent.keyDown(textbox(), { key: 'Enter' })
    expect(textbox()).toHaveValue('')
    afterEvent()
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S4: an Enter in the same task as the text ends typing too', () => {
    const { transport, show } = createHarness()
    show(<Sender />)
    fireEvent.keyDown(textbox(), { key: 'o' })
    type('hello')
    fireEvent.keyDown(textbox(), { key: 'Enter' })
    afterEvent()
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S4: a field that a program empties ends typing at the next renewal', () => {
    const { transport, show } = createHarness()
    show(<Composer />)
    type('hello')
    seconds(3)
    type('hello!')
    ;(textbox() as HTMLTextAreaElement).value = ''
    seconds(2)
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S3: a field that is removed while its user types ends typing `idleTimeout` after the last key', () => {
    const { transport, show } = createHarness()
    const { rerender } = show(
      <Around>
        <textarea />
      </Around>,
    )
    type('hello')
    seconds(3)
    type('hello!')
    rerender(
      <Around>
        <p>Sent.</p>
      </Around>,
    )
    seconds(4)
    expect(transport.leases().at(-1)).toBe('bob released')
  })

  test('S4: unmount ends typing, and nothing is left', () => {
    const { transport, show, expectNothingLeft } = createHarness()
    const { unmount } = show(<Composer />)
    type('hello')
    fireEvent.keyDown(textbox(), { key: 'a' })
    unmount()
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
    expectNothingLeft()
  })

  test('S4: another conversation ends typing in the old one, and the key that switched counts in neither', () => {
    const { transport, show } = createHarness()
    const { rerender } = show(<Composer conversation={BOB} />)
    type('hello')
    fireEvent.keyDown(textbox(), { key: 'ArrowDown', altKey: true })
    rerender(<Composer conversation={{ group: 'team' }} />)
    ;(textbox() as HTMLTextAreaElement).value = "the team's draft"
    afterEvent()
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
    type('on')
    expect(transport.leases().slice(2)).toEqual(['team taken'])
  })

  test('S4: a thread is a conversation of its own', () => {
    const { transport, show } = createHarness()
    const { rerender } = show(<Composer conversation={{ group: 'team' }} />)
    type('a')
    rerender(<Composer conversation={{ group: 'team', thread: 't' }} />)
    type('b')
    expect(transport.leases()).toEqual(['team taken', 'team released', 'team/t taken'])
  })

  test('S4: `enabled: false` ends typing at once, and nothing is sent while it is false', () => {
    const { transport, show } = createHarness()
    const { rerender } = show(<Composer />)
    type('a')
    rerender(<Composer enabled={false} />)
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
    type('ab')
    afterEvent()
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
    rerender(<Composer />)
    type('abc')
    expect(transport.leases()).toEqual(['bob taken', 'bob released', 'bob taken'])
  })

  test('S4: an ignored text sends nothing, and ends typing that others see', () => {
    const { transport, show } = createHarness()
    show(<Composer ignore={(text) => text.startsWith('/')} />)
    type('/giphy')
    expect(transport.leases()).toEqual([])
    type('hello')
    type('/hello')
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('the `ignore` of the latest render is called', () => {
    const { transport, show } = createHarness()
    const { rerender } = show(<Composer ignore={() => true} />)
    rerender(<Composer ignore={() => false} />)
    type('hello')
    expect(transport.leases()).toEqual(['bob taken'])
  })
})

describe('what is inside the composer', () => {
  const typeInto = (element: Element, value: string) => fireEvent.input(element, { target: { value } })

  test('S6: the search field of an emoji picker, inside or in a portal, neither counts nor ends typing', () => {
    const { transport, show } = createHarness()
    show(
      <Around>
        <>
          <textarea />
          <input type="search" aria-label="Emoji" />
          {createPortal(<input aria-label="GIF" />, document.body)}
        </>
      </Around>,
    )
    for (const name of ['Emoji', 'GIF']) {
      typeInto(screen.getByLabelText(name), 'smile')
      fireEvent.keyDown(screen.getByLabelText(name), { key: 'e' })
      afterEvent()
    }
    expect(transport.leases()).toEqual([])

    const message = document.querySelector('textarea')!
    typeInto(message, 'hello')
    for (const name of ['Emoji', 'GIF']) typeInto(screen.getByLabelText(name), '')
    expect(transport.leases()).toEqual(['bob taken'])
    typeInto(message, '')
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S6: a key in the search field does not cancel the key in the message just before', () => {
    const { transport, show } = createHarness()
    show(
      <Around>
        <>
          <textarea />
          <input type="search" aria-label="Emoji" />
        </>
      </Around>,
    )
    const message = document.querySelector('textarea')!
    fireEvent.keyDown(message, { key: 'a' })
    message.value = 'a'
    fireEvent.keyDown(screen.getByLabelText('Emoji'), { key: 's' })
    afterEvent()
    expect(transport.leases()).toEqual(['bob taken'])
  })

  test('S6: a search field that has the `inputProps` itself counts', () => {
    const { transport, show } = createHarness()
    function Search() {
      const { inputProps } = useTypingInput(BOB)
      return <input type="search" aria-label="Message" {...inputProps} />
    }
    show(<Search />)
    typeInto(screen.getByLabelText('Message'), 'hello')
    expect(transport.leases()).toEqual(['bob taken'])
  })

  test('S6: `data-no-typing` leaves out a part of the composer, for example the name of an attached file', () => {
    const { transport, show } = createHarness()
    show(
      <Around>
        <>
          <textarea />
          <p data-no-typing>
            <input aria-label="File name" />
          </p>
        </>
      </Around>,
    )
    typeInto(screen.getByLabelText('File name'), 'report.pdf')
    expect(transport.leases()).toEqual([])
  })

  test('S6: an editor inside a shadow root counts, and S4: emptied it ends typing', () => {
    const { transport, show } = createHarness()
    show(<Around>{createElement('fancy-editor', { 'data-testid': 'host' })}</Around>)
    const root = screen.getByTestId('host').attachShadow({ mode: 'open' })
    root.innerHTML = '<div contenteditable></div>'
    const editor = root.querySelector('div')!
    const write = (text: string) => {
      editor.textContent = text
      act(() => void editor.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true })))
    }
    write('hello')
    expect(transport.leases()).toEqual(['bob taken'])
    write('')
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S4: a message of nothing but a picture is not empty; without the picture it is', () => {
    const { transport, show } = createHarness()
    const { container } = show(
      <Around>
        <div contentEditable suppressContentEditableWarning />
      </Around>,
    )
    const editor = container.querySelector('[contenteditable]')!
    editor.innerHTML = 'hello <img alt="">'
    fireEvent.input(editor)
    editor.innerHTML = '<img alt="">'
    fireEvent.input(editor)
    expect(transport.leases()).toEqual(['bob taken'])
    editor.innerHTML = '<br>'
    fireEvent.input(editor)
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S6: a picture that an editor inserts itself counts', () => {
    const { transport, show } = createHarness()
    const { container } = show(
      <Around>
        <div contentEditable suppressContentEditableWarning />
      </Around>,
    )
    const editor = container.querySelector('[contenteditable]')!
    fireEvent.paste(editor)
    editor.innerHTML = '<img alt="">'
    afterEvent()
    expect(transport.leases()).toEqual(['bob taken'])
  })
})

describe('a field in another window', () => {
  /** Shows the composer in a window of its own, as a popped-out chat or a picture-in-picture window. */
  function showInOtherWindow(harness: Harness) {
    const frame = document.body.appendChild(document.createElement('iframe'))
    onTestFinished(() => frame.remove())
    const otherDocument = frame.contentDocument!
    const { unmount } = harness.show(<>{createPortal(<Composer />, otherDocument.body)}</>)
    const field = otherDocument.querySelector('textarea')!
    return { unmount, field, otherDocument, otherWindow: frame.contentWindow! }
  }

  function setHidden(page: Document, hidden: boolean) {
    Object.defineProperty(page, 'hidden', { value: hidden, configurable: true })
    onTestFinished(() => void Reflect.deleteProperty(page, 'hidden'))
    page.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  }

  test('S6: keys count while the window of the program is hidden, and so does `keystroke()`', () => {
    const harness = createHarness()
    setHidden(document, true)
    const { field } = showInOtherWindow(harness)
    fireEvent.input(field, { target: { value: 'hello' } })
    expect(harness.transport.leases()).toEqual(['bob taken'])
    seconds(4)
    expect(harness.transport.leases()).toEqual(['bob taken', 'bob released'])

    const { result } = renderHook(() => useTypingInput({ user: 'cas' }), { wrapper: harness.wrapper })
    result.current.keystroke()
    expect(harness.transport.leases().slice(2)).toEqual(['cas taken'])
  })

  test('S4: hiding the window of the field ends typing, and showing it does not begin it', () => {
    const harness = createHarness()
    const { field, otherDocument } = showInOtherWindow(harness)
    fireEvent.input(field, { target: { value: 'hello' } })
    setHidden(otherDocument, true)
    expect(harness.transport.leases()).toEqual(['bob taken', 'bob released'])
    setHidden(otherDocument, false)
    expect(harness.transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S4: closing the window of the field ends typing', () => {
    const harness = createHarness()
    const { field, otherWindow } = showInOtherWindow(harness)
    fireEvent.input(field, { target: { value: 'hello' } })
    otherWindow.dispatchEvent(new Event('pagehide'))
    expect(harness.transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('S4: a field that has moved into another window ends typing with that window', () => {
    const harness = createHarness()
    const { container } = harness.show(<Composer />)
    const field = container.querySelector('textarea')!
    fireEvent.input(field, { target: { value: 'hello' } })
    const frame = document.body.appendChild(document.createElement('iframe'))
    onTestFinished(() => frame.remove())
    frame.contentDocument!.body.append(container)
    fireEvent.input(field, { target: { value: 'hello there' } })
    frame.contentWindow!.dispatchEvent(new Event('pagehide'))
    expect(harness.transport.leases()).toEqual(['bob taken', 'bob released'])
  })

  test('nothing is left in the other window after unmount', () => {
    const harness = createHarness()
    const { field, unmount, otherWindow } = showInOtherWindow(harness)
    const listeners = new Set<unknown>()
    vi.spyOn(otherWindow, 'addEventListener').mockImplementation((type) => void listeners.add(type))
    vi.spyOn(otherWindow, 'removeEventListener').mockImplementation((type) => void listeners.delete(type))
    fireEvent.input(field, { target: { value: 'hello' } })
    expect(listeners).toEqual(new Set(['visibilitychange', 'pagehide']))
    unmount()
    expect(listeners).toEqual(new Set())
    harness.expectNothingLeft()
  })
})

test('no listener is added with a signal, which jsdom and React Native refuse', () => {
  const { show } = createHarness()
  show(<Composer />)
  const options: unknown[] = []
  const add = vi.spyOn(EventTarget.prototype, 'addEventListener').mockImplementation((...args) => options.push(args[2]))
  fireEvent.focus(textbox())
  type('hello')
  add.mockRestore()
  expect(options).not.toEqual([])
  for (const option of options) expect(option).not.toHaveProperty('signal')
})

test('an element without `addEventListener`, as in React Native, does not throw', () => {
  const { wrapper } = createHarness()
  const { result } = renderHook(() => useTypingInput(BOB), { wrapper })
  const event = { type: 'focus', currentTarget: {} as EventTarget, nativeEvent: {} }
  expect(() => result.current.inputProps.onFocusCapture(event)).not.toThrow()
})

describe('what it returns', () => {
  test('it never renders its component: 100 keys, no render', () => {
    const { transport, show } = createHarness()
    let renders = 0
    function Counting() {
      const { inputProps } = useTypingInput(BOB)
      renders++
      return <textarea {...inputProps} />
    }
    show(<Counting />)
    const before = renders
    for (let key = 1; key <= 100; key++) type('x'.repeat(key))
    afterEvent()
    expect(renders - before).toBe(0)
    expect(transport.leases()).toEqual(['bob taken'])
  })

  test('all of it stays the same while client, conversation and `enabled` do', () => {
    const { wrapper } = createHarness()
    const { result, rerender } = renderHook(
      ({ user, text }) => useTypingInput({ user }, { ignore: () => text !== '' }),
      { wrapper, initialProps: { user: 'bob', text: '' } },
    )
    const { ...first } = result.current
    rerender({ user: 'bob', text: 'another' })
    expect(result.current.inputProps).toBe(first.inputProps)
    expect(result.current.keystroke).toBe(first.keystroke)
    expect(result.current.startActivity).toBe(first.startActivity)
    expect(result.current.stop).toBe(first.stop)
    rerender({ user: 'cas', text: '' })
    expect(result.current.stop).not.toBe(first.stop)
  })

  test('`keystroke` counts; with a text, empty means stop and unchanged is ignored', () => {
    const { transport, wrapper } = createHarness()
    const { result } = renderHook(() => useTypingInput(BOB, { ignore: (text) => text === 'secret' }), { wrapper })
    const { keystroke, stop } = result.current
    keystroke()
    expect(transport.leases()).toEqual(['bob taken'])
    stop()
    keystroke('a')
    keystroke('')
    keystroke('secret')
    expect(transport.leases()).toEqual(['bob taken', 'bob released', 'bob taken', 'bob released'])
    keystroke('b')
    seconds(3)
    keystroke('b')
    seconds(1)
    expect(transport.leases().slice(4)).toEqual(['bob taken', 'bob released'])
  })

  test('`startActivity` shows an activity until it is released, and nothing while `enabled` is false', () => {
    const { transport, wrapper, expectNothingLeft } = createHarness()
    const { result, rerender, unmount } = renderHook((share: boolean) => useTypingInput(BOB, { enabled: share }), {
      wrapper,
      initialProps: true,
    })
    const release = result.current.startActivity('recording')
    seconds(6)
    release()
    expect(transport.leases()).toEqual(['bob taken recording', 'bob taken recording', 'bob released recording'])
    result.current.startActivity('photo')
    rerender(false)
    expect(transport.leases().slice(3)).toEqual(['bob taken photo', 'bob released photo'])
    result.current.startActivity('video')()
    expect(transport.leases().slice(5)).toEqual([])
    unmount()
    expectNothingLeft()
  })

  test('`startActivity` ends when its signal is aborted', () => {
    const { transport, wrapper } = createHarness()
    const { result } = renderHook(() => useTypingInput(BOB), { wrapper })
    const controller = new AbortController()
    result.current.startActivity('recording', { signal: controller.signal })
    expect(transport.leases()).toEqual(['bob taken recording'])
    controller.abort()
    expect(transport.leases()).toEqual(['bob taken recording', 'bob released recording'])
    result.current.startActivity('photo', { signal: controller.signal })
    expect(transport.leases().slice(2)).toEqual([])
  })

  test('`stop` cancels the key whose effect on the text is not known yet', () => {
    const { transport, wrapper } = createHarness()
    const { result } = renderHook(() => useTypingInput(BOB), { wrapper })
    const field = document.body.appendChild(document.createElement('input'))
    field.addEventListener('keydown', (nativeEvent) => {
      result.current.inputProps.onKeyDownCapture({ type: 'keydown', currentTarget: field, nativeEvent })
    })
    fireEvent.keyDown(field, { key: 'x' })
    field.value = 'x'
    result.current.stop()
    afterEvent()
    expect(transport.leases()).toEqual([])
    field.remove()
  })

  test('without a conversation nothing is sent', () => {
    const { transport, wrapper, show } = createHarness()
    show(<Composer conversation={null} />)
    type('hello')
    const { result } = renderHook(() => useTypingInput(null), { wrapper })
    result.current.keystroke('a')
    result.current.startActivity('photo')()
    result.current.stop()
    expect(transport.sent).toEqual([])
  })

  test('it is subscribed to the connection while it is mounted, so that the first key finds the client online', () => {
    const { transport, show, expectNothingLeft } = createHarness()
    const { rerender, unmount } = show(<Composer />)
    expect(transport.connectionSubscribers()).toBe(1)
    rerender(<Composer conversation={{ user: 'cas' }} />)
    expect(transport.connectionSubscribers()).toBe(1)
    unmount()
    expectNothingLeft()
  })

  test('StrictMode doubles no subscription and no lease', () => {
    const { transport, show, expectNothingLeft } = createHarness({ strict: true })
    const { unmount } = show(<Composer />)
    expect(transport.connectionSubscribers()).toBe(1)
    type('hello')
    expect(transport.leases()).toEqual(['bob taken'])
    unmount()
    expect(transport.leases()).toEqual(['bob taken', 'bob released'])
    expectNothingLeft()
  })

  test('useTypingIndicator returns both halves', () => {
    const { transport, wrapper } = createHarness()
    const { result, unmount } = renderHook(() => useTypingIndicator({ user: 'ann' }), { wrapper })
    expect(result.current).toMatchObject({ typists: [], total: 0 })
    act(() => transport.lease({ user: 'ann' }, { id: 'ann' }, {}))
    expect(result.current).toMatchObject({ typists: [{ id: 'ann', activity: 'typing' }], total: 1 })
    result.current.keystroke('a')
    expect(transport.leases()).toEqual(['ann taken'])
    unmount()
    expect(transport.leases()).toEqual(['ann taken', 'ann released'])
  })
})

function Around({ conversation = BOB, children }: { conversation?: Conversation; children: ReactElement }) {
  const { inputProps } = useTypingInput(conversation)
  return <section {...inputProps}>{children}</section>
}

/** Sends on Enter and empties the field. It does nothing about typing itself. */
function Sender() {
  const { inputProps } = useTypingInput(BOB)
  const [text, setText] = useState('')
  return (
    <textarea
      {...inputProps}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') setText('')
      }}
    />
  )
}
