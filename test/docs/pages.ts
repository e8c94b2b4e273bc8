import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root: string = join(import.meta.dirname, '../../')

/** A fenced block of code on a page. */
export interface CodeBlock {
  readonly language: string
  /** What its first line names, as in `// socket.ts`; else a name made of the line it stands on. */
  readonly file: string
  /** The number of its first line of code on the page, counted from 1. */
  readonly line: number
  readonly code: string
}

/** A fenced block that shows a whole file of examples/, as its first line says: `// examples/nest/src/chat.gateway.ts`. */
export interface ShownExample {
  /** From the root, with slashes. */
  readonly file: string
  /** The number of its first line on the page, counted from 1. */
  readonly line: number
  readonly code: string
}

/** README.md, or a page of docs/. */
export interface Page {
  /** From the root, with slashes: `docs/security.md`. */
  readonly path: string
  readonly text: string
  /** Without the files of examples/, which are compiled and run where they are. */
  readonly blocks: readonly CodeBlock[]
  readonly examples: readonly ShownExample[]
}

/** All that is to be read: README.md first. */
export function readPages(): readonly Page[] {
  const paths = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md'))
    .sort()
  return ['README.md', ...paths].map(readPage)
}

export function readPage(path: string): Page {
  const text = readFileSync(`${root}${path}`, 'utf8')
  const all = findBlocks(text)
  const blocks = all.filter((block) => exampleIn(block) === undefined)
  const examples = all.flatMap((block) => exampleIn(block) ?? [])
  return { path, text, blocks, examples }
}

function exampleIn({ code, line }: CodeBlock): ShownExample | undefined {
  const [, file, shown = ''] = /^\/\/ (examples\/[\w./-]+)\n([^]*)$/.exec(code) ?? []
  return file === undefined ? undefined : { file, line, code: shown }
}

function findBlocks(text: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open: { language: string; line: number; code: string[]; fence: string } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const [, fence, language = ''] = /^(`{3,})(\w*)/.exec(line) ?? []
    if (line === open?.fence) {
      blocks.push({ language: open.language, line: open.line, code: open.code.join('\n'), file: nameOf(open) })
      open = undefined
    } else if (open) {
      open.code.push(line)
    } else if (fence !== undefined) {
      open = { language, line: index + 2, code: [], fence }
    }
  }
  return blocks
}

function nameOf({ language, line, code }: { language: string; line: number; code: readonly string[] }): string {
  const [, named] = /^\/\/ ((?:src\/)?\w[\w.-]*\.\w+)$/.exec(code[0] ?? '') ?? []
  return named ?? `line-${line}.${language}`
}

/** The text without its code: neither fenced nor inline. */
export function proseOf(text: string): string {
  return text.replace(/^(`{3,})\w*\n[^]*?\n\1$/gm, '').replace(/`[^`\n]*`/g, '`code`')
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  const outsideOfFences = text.replace(/^(`{3,})\w*\n[^]*?\n\1$/gm, '')
  for (const [, heading = ''] of outsideOfFences.matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    let anchor = slug
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`
    anchors.add(anchor)
  }
  return anchors
}

/** The cells of every row of every table, headings and rulers included. */
export function rowsOf(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/^\|(.+)\|$/gm)].map(([, row = '']) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()))
}
