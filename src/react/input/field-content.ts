/** Marks a part of a composer that is not part of the message. `data-no-typing={false}` marks nothing. */
export const NO_TYPING = '[data-no-typing]:not([data-no-typing=false])'

/** Slate writes its placeholder into the field. Other editors draw theirs beside it, or with a style sheet. */
const NO_CONTENT = `${NO_TYPING}, [data-slate-placeholder]`

/** What a person sees in a field although it has no text: a picture used as an emoji, an attached video, a drawn line. */
const OBJECTS = 'audio, canvas, embed, hr, iframe, img, input, object, select, svg, textarea, video, [role=img]'

/** What editors put into an empty field so that the caret has a place: U+200B, U+2060 and U+FEFF. */
const FILLERS = /[\u200B\u2060\uFEFF]/g

/** Unicode's character for an object among text. */
const OBJECT = '\uFFFC'

export const isElement = (node: object): node is Element => 'matches' in node

export const isCustomElement = ({ localName }: Element): boolean => localName.includes('-')

/** Removes what an editor has added to a text. */
export const withoutFillers = (text: string): string => text.replace(FILLERS, '')

/** The content that a person sees in an element. Each object among the text is U+FFFC. */
export function readContent(node: Node): string {
  // A comment has a value too, and is not content.
  if (!isElement(node)) return node.nodeName === '#text' ? (node.nodeValue ?? '') : ''
  if (node.matches(NO_CONTENT)) return ''
  // An empty custom element draws itself. One with content of its own shows that.
  const isObject = node.matches(OBJECTS) || (isCustomElement(node) && !node.firstChild)
  if (isObject) return OBJECT
  return Array.from(node.childNodes, readContent).join('')
}
