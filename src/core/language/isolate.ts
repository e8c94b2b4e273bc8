/** Characters that would turn the direction of the text around a name. A name does not need them. */
const BIDI_CONTROLS = /\p{Bidi_Control}/gu

/** Takes out all characters that govern the direction of text, those of `isolate` too. */
export const withoutBidiControls = (text: string): string => text.replace(BIDI_CONTROLS, '')

/** Puts a name between U+2068 and U+2069, so that an Arabic name does not turn the direction of an English sentence. */
export const isolate = (name: string): string => `\u2068${name}\u2069`
