/** Makes the front page: home.md with the picture and the example of README.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withPictures, withSiteLinks } from './links.mjs'
import { readText } from './repository.mjs'

const template = readFileSync(new URL('home.md', import.meta.url), 'utf8')

function find(what, pattern) {
  const [found] = pattern.exec(readText('README.md')) ?? []
  if (found === undefined) throw new Error(`README.md has no ${what} for the front page.`)
  return found
}

export function writeHome(folder) {
  const picture = find('picture', /<picture>[^]*?<\/picture>/)
  const app = find('example with the name App.tsx', /^```tsx\n\/\/ (?:src\/)?App\.tsx\n[^]*?^```$/m)
  const text = template.replace('PICTURE', () => withPictures(picture)).replace('APP', () => app)
  writeFileSync(join(folder, 'index.md'), withSiteLinks('README.md', text))
}
