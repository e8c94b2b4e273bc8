import { afterEach, expect, test } from 'vitest'
import { findField } from '../../../src/react/input/field-text.ts'

afterEach(() => {
  document.body.innerHTML = ''
})

/** Puts HTML into the page and returns the element with the id `it`. */
function put(html: string): Element {
  document.body.innerHTML = html
  return document.querySelector('#it')!
}

test.each([
  '<input id="it" value="hello">',
  '<input id="it" type="text" value="hello">',
  '<input id="it" type="search" value="hello">',
  '<input id="it" type="tel" value="hello">',
  '<input id="it" type="url" value="hello">',
  '<input id="it" type="email" value="hello">',
  '<textarea id="it">hello</textarea>',
  '<p id="it" contenteditable>hello</p>',
])('S6: %s is a field with its text', (html) => {
  expect(findField(put(html))?.read()).toBe('hello')
})

test.each([
  '<input id="it" type="password" value="hello">',
  '<input id="it" type="number" value="1">',
  '<input id="it" type="date">',
  '<input id="it" type="checkbox" value="hello">',
  '<input id="it" type="button" value="hello">',
  '<button id="it" value="hello">hello</button>',
  '<select id="it"><option>hello</option></select>',
  '<p id="it">hello</p>',
])('S6: %s is not a text field', (html) => {
  expect(findField(put(html))).toBeUndefined()
})

test('S6: a button in a contenteditable is not a text field', () => {
  const button = put('<div contenteditable>hello <button id="it">Remove</button></div>')
  expect(findField(button)).toBeUndefined()
})

test.each([
  ['without a type', undefined, 'hello'],
  ['with the type null', null, 'hello'],
  ['of type text', 'text', 'hello'],
  ['of type textarea', 'textarea', 'hello'],
  ['of type password', 'password', undefined],
  ['whose type only begins like a text type', 'text-size', undefined],
])('S6: a custom element with a value, %s', (_, type, text) => {
  const element = Object.assign(put('<fancy-field id="it"></fancy-field>'), { value: 'hello', type })
  expect(findField(element)?.read()).toBe(text)
})

test('the text is that of the moment in which it is read', () => {
  const input = put('<input id="it" value="hello">') as HTMLInputElement
  const field = findField(input)!
  input.value = 'goodbye'
  expect(field.read()).toBe('goodbye')
})

test('an element inside a contenteditable belongs to the whole of it', () => {
  expect(findField(put('<div contenteditable><p>one </p><p id="it">two</p></div>'))?.read()).toBe('one two')
})

test('S4: what editors put into an empty field is no text', () => {
  expect(findField(put('<p id="it" contenteditable>\u200B\uFEFF\u200B</p>'))?.read()).toBe('')
  expect(findField(put('<textarea id="it">\uFEFFhi\u200B</textarea>'))?.read()).toBe('hi')
})

test('S4: the placeholder that Slate writes into a field is no text', () => {
  const placeholder = '<span data-slate-placeholder="true" contenteditable="false">Say hello</span>'
  expect(findField(put(`<div id="it" contenteditable>\uFEFF${placeholder}</div>`))?.read()).toBe('')
  expect(findField(put(`<div id="it" contenteditable>H${placeholder}</div>`))?.read()).toBe('H')
})
