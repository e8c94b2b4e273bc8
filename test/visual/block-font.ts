/**
 * A font in which every character is the same block, made here byte by byte. Words become bars, so that a picture looks the
 * same on every machine, whatever fonts it has. Other tests check the words. The tests of browsers do the same with the
 * font Ahem.
 */

const UNITS = 1000
/** Half an em: about as wide as a letter is. */
const ADVANCE = 500
const HEIGHT = 500
const ASCENT = 900
const DESCENT = 300
const SPACES = [0x20, 0xa0, 0x2009, 0x202f]

const u8 = (...values: number[]) => values.map((value) => value & 0xff)
const u16 = (...values: number[]) => values.flatMap((value) => u8(value >> 8, value))
const u32 = (...values: number[]) => values.flatMap((value) => u16(value >>> 16, value))
const zeros = (count: number) => Array<number>(count).fill(0)

/** The glyphs: 0 for missing characters, which is empty, 1 the block, 2 the space. */
const BLOCK = 1
const SPACE = 2
const block = [
  ...u16(1, 0, 0, ADVANCE, HEIGHT),
  // One outline that ends with point 3, no instructions, all points on the curve.
  ...u16(3, 0),
  ...u8(1, 1, 1, 1),
  ...u16(0, 0, ADVANCE, 0),
  ...u16(0, HEIGHT, 0, -HEIGHT),
  ...zeros(2),
]

/** Ranges of characters that cover all of Unicode: first, last, glyph. */
const groups = [...SPACES, 0x110000].flatMap((space, index) => {
  const from = index ? SPACES[index - 1]! + 1 : 0x21
  const blocks = index ? [[from, space - 1, BLOCK]] : []
  return space < 0x110000 ? [...blocks, [space, space, SPACE]] : blocks
})

// Format 13: many characters, one glyph.
const subtable = [...u16(13, 0), ...u32(16 + 12 * groups.length, 0, groups.length, ...groups.flat())]

const tables: Readonly<Record<string, readonly number[]>> = {
  'OS/2': [
    ...u16(4, ADVANCE, 400, 5, 0, 500, 500, 0, 100, 500, 500, 0, 400, 50, 250, 0),
    ...zeros(10 + 16 + 4),
    ...u16(0x40, 0x20, 0xffff, ASCENT, -DESCENT, 0, ASCENT, DESCENT),
    ...zeros(8),
    ...u16(HEIGHT, 700, 0, 0x20, 1),
  ],
  cmap: [...u16(0, 1, 3, 10), ...u32(12), ...subtable],
  glyf: block,
  head: [
    ...u32(0x10000, 0x10000, 0, 0x5f0f3cf5),
    ...u16(0, UNITS),
    ...zeros(16),
    ...u16(0, 0, ADVANCE, HEIGHT, 0, 8, 2, 1, 0),
  ],
  hhea: [...u32(0x10000), ...u16(ASCENT, -DESCENT, 0, ADVANCE, 0, 0, ADVANCE, 1, 0, 0, 0, 0, 0, 0, 0, 3)],
  hmtx: u16(ADVANCE, 0, ADVANCE, 0, ADVANCE, 0),
  loca: u32(0, 0, block.length, block.length),
  maxp: [...u32(0x10000), ...u16(3, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)],
  name: u16(0, 0, 6),
  post: [...u32(0x30000, 0), ...u16(-100, 50), ...zeros(20)],
}

function assemble(): Uint8Array<ArrayBuffer> {
  const list = Object.entries(tables)
  const directory: number[] = [...u32(0x10000), ...u16(list.length, 128, 3, 16 * list.length - 128)]
  const body: number[] = []
  for (const [tag, bytes] of list) {
    const name = Array.from(tag, (letter) => letter.charCodeAt(0))
    directory.push(...name, ...u32(0, 12 + 16 * list.length + body.length, bytes.length))
    body.push(...bytes, ...zeros(-bytes.length & 3))
  }
  return Uint8Array.from([...directory, ...body])
}

/** Shows all text of the page in this font, until the returned function is called. */
export async function useBlocksForText(): Promise<() => void> {
  const font = await new FontFace('Block', assemble().buffer).load()
  document.fonts.add(font)
  const style = document.createElement('style')
  // The second line keeps its widths from being rounded to whole pixels, as some systems do.
  style.textContent = `* {
    font-family: Block !important; font-variant-emoji: text; font-synthesis: none;
    text-rendering: geometricPrecision !important;
  }`
  document.head.append(style)
  return () => {
    style.remove()
    document.fonts.delete(font)
  }
}
