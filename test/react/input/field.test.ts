import { afterEach, describe, expect, test } from 'vitest'
import { findField } from '../../../src/react/input/field.ts'
import { fieldAt } from '../../support/react/field-at.ts'

afterEach(() => {
  document.body.innerHTML = ''
})

/** Puts HTML into the page and returns the element with the id `it`. */
function put(html: string): Element {
  document.body.innerHTML = html
  return document.querySelector('#it')!
}

const textAt = (target: Element, currentTarget?: Element) => fieldAt(target, currentTarget)?.read()

/** Gives an element a shadow root with this HTML, and returns the element with the id `it` in it. */
function putInShadow(host: Element, html: string, mode: ShadowRootMode = 'open'): Element {
  const root = host.attachShadow({ mode })
  root.innerHTML = html
  return root.querySelector('#it')!
}

describe('which element is a field', () => {
  test.each([
    '<input id="it" value="hello">',
    '<input id="it" type="text" value="hello">',
    '<input id="it" type="tel" value="hello">',
    '<input id="it" type="url" value="hello">',
    '<input id="it" type="email" value="hello">',
    '<textarea id="it">hello</textarea>',
    '<p id="it" contenteditable>hello</p>',
    '<p id="it" contenteditable="true">hello</p>',
    '<p id="it" contenteditable="plaintext-only">hello</p>',
  ])('S6: %s is a field with its text', (html) => {
    expect(textAt(put(html))).toBe('hello')
  })

  test.each([
    '<input id="it" type="password" value="hello">',
    '<input id="it" type="number" value="1">',
    '<input id="it" type="date">',
    '<input id="it" type="time" value="12:30">',
    '<input id="it" type="checkbox" value="hello">',
    '<input id="it" type="button" value="hello">',
    '<input id="it" type="range" value="1">',
    '<input id="it" readonly value="hello">',
    '<input id="it" disabled value="hello">',
    '<textarea id="it" readonly>hello</textarea>',
    '<button id="it" value="hello">hello</button>',
    '<select id="it"><option>hello</option></select>',
    '<li id="it" value="3">hello</li>',
    '<progress id="it" value="0.3">hello</progress>',
    '<meter id="it" value="0.3">hello</meter>',
    '<output id="it">hello</output>',
    '<data id="it" value="hello">hello</data>',
    '<p id="it">hello</p>',
    '<p id="it" contenteditable="false">hello</p>',
  ])('S6: %s is not a text field', (html) => {
    expect(fieldAt(put(html))).toBeUndefined()
  })

  test.each([
    ['without a type', undefined, 'hello'],
    ['with the type null', null, 'hello'],
    ['with an empty type', '', 'hello'],
    ['of type text', 'text', 'hello'],
    ['of type textarea', 'textarea', 'hello'],
    ['of type password', 'password', undefined],
    ['whose type only begins like a text type', 'text-size', undefined],
  ])('S6: a custom element with a value, %s', (_, type, text) => {
    const element = Object.assign(put('<fancy-field id="it"></fancy-field>'), { value: 'hello', type })
    expect(textAt(element)).toBe(text)
  })

  test.each([
    ['a number as its value', { value: 3 }],
    ['no value yet', { value: undefined }],
    ['readOnly', { value: 'hello', readOnly: true }],
    ['disabled', { value: 'hello', disabled: true }],
  ])('S6: a custom element with %s is not a text field', (_, properties) => {
    const element = Object.assign(put('<fancy-field id="it"></fancy-field>'), properties)
    expect(fieldAt(element)).toBeUndefined()
  })

  test('the text is that of the moment in which it is read', () => {
    const input = put('<input id="it" value="hello">') as HTMLInputElement
    const field = fieldAt(input)!
    input.value = 'goodbye'
    expect(field.read()).toBe('goodbye')
  })

  test('S6: an event without a path, as in React Native, is in no field', () => {
    const input = put('<input id="it" value="hello">')
    expect(findField({ type: 'focus', currentTarget: input, nativeEvent: {} })).toBeUndefined()
  })
})

describe('an editor', () => {
  test('is the field of all elements inside it', () => {
    expect(textAt(put('<div contenteditable><p>one </p><p id="it">two</p></div>'))).toBe('one two')
  })

  test('S6: an item of a numbered list in it belongs to it', () => {
    expect(textAt(put('<div contenteditable><ol><li id="it">two</li></ol></div>'))).toBe('two')
  })

  test('S6: a mention that cannot be edited belongs to it', () => {
    const html = '<div contenteditable>Hi <b id="it" contenteditable="false" tabindex="0">@Ada</b></div>'
    expect(textAt(put(html))).toBe('Hi @Ada')
  })

  test('S6: an input in it, for example the caption of a picture, is a part of it', () => {
    expect(textAt(put('<div contenteditable>Look: <input id="it"></div>'))).toBe('Look: \uFFFC')
  })

  test.each(['<button id="it">Remove</button>', '<input id="it" type="checkbox">', '<input id="it" type="password">'])(
    'S6: %s in it is not a text field',
    (html) => {
      expect(fieldAt(put(`<div contenteditable>hello ${html}</div>`))).toBeUndefined()
    },
  )

  test('S6: that is itself a custom element with a value has the content that a person sees', () => {
    const editor = Object.assign(put('<fancy-editor id="it" contenteditable>hello</fancy-editor>'), {
      value: '<p>hello</p>',
    })
    expect(textAt(editor)).toBe('hello')
  })
})

describe('shadow roots', () => {
  test.each(['<input id="it" value="hello">', '<div id="it" contenteditable>hello</div>'])(
    'S6: %s inside one is a field',
    (html) => {
      expect(textAt(putInShadow(put('<fancy-field id="it"></fancy-field>'), html))).toBe('hello')
    },
  )

  test('S6: a field inside a shadow root inside another one is a field', () => {
    const outer = putInShadow(put('<fancy-form id="it"></fancy-form>'), '<fancy-field id="it"></fancy-field>')
    expect(textAt(putInShadow(outer, '<textarea id="it">hello</textarea>'))).toBe('hello')
  })

  test('S6: what the person types in decides, not the custom element around it', () => {
    const host = Object.assign(put('<fancy-field id="it"></fancy-field>'), { value: 'secret' })
    expect(fieldAt(putInShadow(host, '<input id="it" type="password">'))).toBeUndefined()
  })

  test('S6: an editor around a custom element with a shadow root is the field', () => {
    const chip = put('<div contenteditable>Hi <fancy-chip id="it"></fancy-chip></div>')
    expect(textAt(putInShadow(chip, '<input id="it">'))).toBe('Hi \uFFFC')
  })

  test('S6: of a closed one only the host is known: it is a field when it has a text as its value', () => {
    const html = '<textarea id="it">hello</textarea>'
    const silent = put('<fancy-field id="it"></fancy-field>')
    expect(fieldAt(putInShadow(silent, html, 'closed'))).toBeUndefined()
    const speaking = Object.assign(put('<fancy-field id="it"></fancy-field>'), { value: 'hello' })
    expect(textAt(putInShadow(speaking, html, 'closed'))).toBe('hello')
  })
})

describe('what is inside', () => {
  test('S6: a field elsewhere in the page, as that of a portal, is not inside', () => {
    const picker = put('<section></section><div><input id="it" value="smile"></div>')
    expect(fieldAt(picker, document.querySelector('section')!)).toBeUndefined()
  })

  test.each([
    '<input id="it" type="search" value="smile">',
    '<input id="it" role="searchbox" value="smile">',
    '<div id="it" contenteditable role="searchbox">smile</div>',
    '<div role="search"><input id="it" value="smile"></div>',
    '<search><input id="it" value="smile"></search>',
  ])('S6: a search field in a composer is not its field: %s', (html) => {
    expect(fieldAt(put(`<section>${html}</section>`))).toBeUndefined()
  })

  test('S6: a search field in the shadow root of an emoji picker is not the field', () => {
    const picker = put('<section><emoji-picker id="it"></emoji-picker></section>')
    expect(fieldAt(putInShadow(picker, '<input id="it" type="search">'))).toBeUndefined()
  })

  test.each([
    '<input id="it" type="search" value="hello">',
    '<div id="it" contenteditable role="searchbox">hello</div>',
  ])('S6: a search field that has the `inputProps` itself is the field: %s', (html) => {
    const field = put(html)
    expect(textAt(field, field)).toBe('hello')
  })

  test.each([
    '<input id="it" data-no-typing value="hello">',
    '<div data-no-typing><div><input id="it" value="hello"></div></div>',
    '<div data-no-typing="true"><div id="it" contenteditable>hello</div></div>',
  ])('S6: `data-no-typing` leaves an element and what is inside it out: %s', (html) => {
    const field = put(html)
    expect(fieldAt(field)).toBeUndefined()
    expect(fieldAt(field, document.body.firstElementChild!)).toBeUndefined()
  })

  test('S6: `data-no-typing` leaves out what is in a shadow root or a slot', () => {
    const host = put('<div data-no-typing><fancy-field id="it"></fancy-field></div>')
    expect(fieldAt(putInShadow(host, '<input id="it">'))).toBeUndefined()
    const slotted = put('<fancy-form><input id="it" value="hello"></fancy-form>')
    putInShadow(document.querySelector('fancy-form')!, '<div data-no-typing><slot></slot></div>')
    expect(fieldAt(slotted)).toBeUndefined()
  })

  test('S6: `data-no-typing={false}` leaves nothing out', () => {
    expect(textAt(put('<div data-no-typing="false"><input id="it" value="hello"></div>'))).toBe('hello')
  })

  test('S6: a composer inside a part that is left out of another composer has its own field', () => {
    const field = put('<section><div data-no-typing><form><input id="it" value="hello"></form></div></section>')
    expect(fieldAt(field, document.querySelector('section')!)).toBeUndefined()
    expect(textAt(field, document.querySelector('form')!)).toBe('hello')
  })
})

describe('what is content', () => {
  const contentOf = (html: string) => textAt(put(`<div id="it" contenteditable>${html}</div>`))

  test('S4: what editors put into an empty field is no text', () => {
    expect(contentOf('\u200B\uFEFF\u200B\u2060')).toBe('')
    expect(contentOf('<p><br></p><!-- filler -->')).toBe('')
    expect(textAt(put('<textarea id="it">\uFEFFhi\u200B</textarea>'))).toBe('hi')
  })

  test('S4: the placeholder that Slate writes into a field is no text', () => {
    const placeholder = '<span data-slate-placeholder="true" contenteditable="false">Say hello</span>'
    expect(contentOf(`\uFEFF${placeholder}`)).toBe('')
    expect(contentOf(`H${placeholder}`)).toBe('H')
  })

  test('S4: what the app has marked with `data-no-typing` is no content', () => {
    expect(contentOf('<span data-no-typing>Write here <img></span>')).toBe('')
  })

  test.each([
    '<img alt="smile">',
    '<picture><source><img></picture>',
    '<p><video></video></p>',
    '<audio></audio>',
    '<svg><text>1</text></svg>',
    '<canvas></canvas>',
    '<object>fallback</object>',
    '<embed>',
    '<iframe></iframe>',
    '<hr>',
    '<input>',
    '<span role="img" aria-label="smile"></span>',
    '<custom-emoji name="smile"></custom-emoji>',
  ])('S4: a field with nothing but %s is not empty', (html) => {
    expect(contentOf(html)).toBe('\uFFFC')
  })

  test('S4: pictures count where they stand, also inside a mention that cannot be edited', () => {
    expect(contentOf('<img>/giphy<span contenteditable="false"><img> Ada</span>')).toBe('\uFFFC/giphy\uFFFC Ada')
  })

  test('S4: a custom element that is a paragraph of the editor is as empty as its content', () => {
    expect(contentOf('<my-paragraph><br></my-paragraph>')).toBe('')
    expect(contentOf('<my-paragraph>hello</my-paragraph>')).toBe('hello')
  })
})
