import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { anchorOf } from '../anchor.mjs'
import { guideSidebar, topMenu } from '../navigation.mjs'
import { searchTerms } from '../search-terms.mjs'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Written by site/build.mjs, as all pages are. */
const pages = at('../.pages')
const referenceSidebars = JSON.parse(readFileSync(`${pages}/reference-sidebars.json`, 'utf8'))

const guides = guideSidebar()

/** A wide table scrolls in itself, also by keyboard. */
function scrollTables(md) {
  md.renderer.rules.table_open = () => '<div class="table" role="group" aria-label="Table" tabindex="0"><table>\n'
  md.renderer.rules.table_close = () => '</table></div>\n'
}

/** On a phone, code breaks after its punctuation, so that fewer tables are wider than the screen. */
function breakCode(md) {
  const renderCode = md.renderer.rules.code_inline
  md.renderer.rules.code_inline = (...args) => renderCode(...args).replace(/[./(,=_](?=[\w'"&{])(?![^<]*>)/g, '$&<wbr>')
}

/** The option of a command stays whole: `--project` does not break after its hyphens. */
function keepOptions(md) {
  const renderCode = md.renderer.rules.code_inline
  md.renderer.rules.code_inline = (...args) =>
    renderCode(...args).replace(/(?<=[\s>])--?\w*(?![^<]*>)/g, '<span class="whole">$&</span>')
}

/** On a phone, a long name in a title breaks before its capitals, and the signature of a function after its bracket. */
function breakNames(md) {
  md.core.ruler.push('titles', ({ tokens }) => {
    for (const [index, { type, children }] of tokens.entries()) {
      const isTitle = type === 'inline' && tokens[index - 1].type === 'heading_open'
      if (isTitle) for (const child of children) child.meta = { ...child.meta, isTitle }
    }
  })
  const renderText = md.renderer.rules.text
  md.renderer.rules.text = (tokens, index, ...rest) => {
    const text = renderText(tokens, index, ...rest)
    if (tokens[index].meta?.isTitle) return text.replace(/(?<=[a-z])(?=[A-Z])/g, '<wbr>')
    return text === '(' ? '(<wbr>' : text
  }
}

/** More characters than a narrow column of a phone shows in a few lines. */
const LONG_TEXT = 80

/** Marks the columns with long texts, so that they get some width on a phone. */
function markLongColumns(md) {
  md.core.ruler.push('long_columns', ({ tokens }) => {
    let columns = []
    let column = 0
    for (const [index, token] of tokens.entries()) {
      if (token.type === 'table_open') columns = []
      if (token.type === 'tr_open') column = 0
      if (token.type === 'td_open') {
        const text = tokens[index + 1].children.map(({ content }) => content).join('')
        columns[column] ??= { cells: [], isLong: false }
        columns[column].cells.push(token)
        columns[column].isLong ||= text.length > LONG_TEXT
        column++
      }
      if (token.type === 'table_close') {
        for (const { cells, isLong } of columns) if (isLong) for (const cell of cells) cell.attrJoin('class', 'long')
      }
    }
  })
}

/** VitePress makes Vue components of the pages: two braces in a text are no expression of Vue here. */
function keepBraces(md) {
  const renderText = md.renderer.rules.text
  md.renderer.rules.text = (...args) => renderText(...args).replaceAll('{{', '&#123;&#123;')
}

/** Three dots, as of somebody who types. Without an icon, browsers ask for a file that is not there. */
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="#3557c8">' +
  '<circle cx="3" cy="8" r="2"/><circle cx="8" cy="8" r="2"/><circle cx="13" cy="8" r="2"/></svg>'

export default defineConfig({
  title: 'react-online-message',
  description: 'Ephemeral messages and typing indicators for React, over the Socket.IO server you already have.',
  lang: 'en',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  /** The folder on the server that the site is put into: '/name/'. */
  base: process.env.SITE_BASE ?? '/',
  srcDir: pages,
  outDir: at('../../site-dist'),
  // The menus are in one file, and not in each page.
  metaChunk: true,
  cacheDir: at('../node_modules/.cache/vitepress'),
  // Storybook is made beside the pages. site/check.mjs looks whether it is there. README.md links to the reader's own page.
  ignoreDeadLinks: [/^\/storybook\//, /^http:\/\/localhost:/],
  markdown: {
    anchor: { slugify: anchorOf },
    attrs: { disable: true },
    // Of the picture for light and the one for dark, only the shown one is loaded.
    image: { lazyLoading: true },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(md) {
      // `socket.io` is a name and no address.
      md.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
      scrollTables(md)
      markLongColumns(md)
      breakCode(md)
      keepOptions(md)
      breakNames(md)
      keepBraces(md)
    },
  },
  themeConfig: {
    nav: topMenu,
    sidebar: { ...referenceSidebars, '/': guides },
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local', options: { miniSearch: { options: { processTerm: searchTerms } } } },
  },
  vite: {
    resolve: {
      // The way VitePress documents for a component of one's own.
      alias: [{ find: /^.*\/VPLocalSearchBox\.vue$/, replacement: at('theme/SearchBox.vue') }],
    },
    build: { chunkSizeWarningLimit: 2000 },
  },
})
