/** Links as the repository writes them, and as the site needs them. */
import { posix } from 'node:path'
import { kindOf, pageFileOf } from './repository.mjs'

/** Code, which has no links, or the target of a link. Code comes first, so that nothing in it is taken for a link. */
const codeOrTarget = /^(`{3,})[^]*?^\1$|`[^`\n]*`|\]\(([^)\s]+)\)/gm

/** Another server, or an address of the site itself, as site/home.md has them. */
const isOutside = (target) => /^([a-z]+:|\/)/.test(target)

/** Splits a link of `document`, and says which path of the repository it leads to. */
function resolve(document, target) {
  const [path, anchor] = target.split('#')
  const to = path === '' ? document : posix.normalize(posix.join(posix.dirname(document), path))
  return { to: to.replace(/\/$/, ''), anchor: anchor === undefined ? '' : `#${anchor}` }
}

/** The address of a path, as VitePress wants it: from the site's root, a page with the name of its Markdown file. */
function addressOf(path) {
  if (kindOf(path) === 'picture') return `/${path}`
  return `/${pageFileOf(path)}`
}

/** The paths of the repository that a document leads to. */
export function targetsOf(document, text) {
  return [...text.matchAll(codeOrTarget)]
    .map(([, , target]) => target)
    .filter((target) => target !== undefined && !isOutside(target))
    .map((target) => resolve(document, target).to)
}

/** The text of a document with links that lead to pages of the site. */
export function withSiteLinks(document, text) {
  return text.replace(codeOrTarget, (whole, _fence, target) => {
    if (target === undefined || isOutside(target) || target.startsWith('#')) return whole
    const { to, anchor } = resolve(document, target)
    if (kindOf(to) === undefined) throw new Error(`${document} links to ${target}, and there is no ${to}.`)
    return `](${addressOf(to)}${anchor})`
  })
}

/** GitHub shows the picture for the reader's system; the site shows the one for the button in its header: see theme/style.css. */
export const withPictures = (text) =>
  text.replace(/<picture>[^]*?<\/picture>/g, (picture) => {
    const [, dark] = /srcset="([^"]+)"/.exec(picture)
    const [, light, alt] = /<img src="([^"]+)" alt="([^"]+)"/.exec(picture)
    return `<span class="light-only">![${alt}](${light})</span><span class="dark-only">![${alt}](${dark})</span>`
  })
