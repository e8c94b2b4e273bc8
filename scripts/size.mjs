/**
 * `npm run size`: what an app pays for the library, and how far each figure has moved since bench/sizes.json was written.
 * `npm run size -- --update` writes that file, so that the commit which moves a figure shows it in its own diff.
 *
 * size-limit weighs and judges (.size-limit.mjs). Made by hand is what it cannot do: the difference of two figures, since
 * the badge costs what it adds to the hooks that an app has anyway, and the comparison with the recorded figures.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const record = `${root}bench/sizes.json`

/** In bytes. */
const BADGE_LIMIT = 3_300
/** A figure may move by this many bytes before the record has to be renewed: other versions of zlib, small edits. */
const UNRECORDED_CHANGE = 100

if (!existsSync(`${root}dist/index.js`)) {
  console.error('size: there is no dist/ to weigh. Build it first: npm run build')
  process.exit(1)
}

const { stdout, stderr } = spawnSync(process.execPath, ['node_modules/size-limit/bin.js', '--json'], {
  cwd: root,
  encoding: 'utf8',
})
// When it cannot bundle, it says so as `{ "error": … }`, or on stderr.
const checks = stdout.trimStart().startsWith('[') ? JSON.parse(stdout) : undefined
if (!checks) {
  console.error(`size: size-limit failed.\n${stdout}${stderr}`)
  process.exit(1)
}
const sizeOf = (name) => checks.find((check) => check.name === name).size

const badge = sizeOf('hooks and badge') - sizeOf('hooks')
const locales = checks.filter(({ name }) => name.startsWith('locale '))
const heaviestLocale = locales.reduce((heaviest, locale) => (locale.size > heaviest.size ? locale : heaviest))

const figures = [
  ...checks.filter(({ name, sizeLimit }) => sizeLimit !== undefined && !name.startsWith('locale ')),
  { name: 'badge and style sheet on top of hooks', size: badge + sizeOf('style sheet'), sizeLimit: BADGE_LIMIT },
  { ...heaviestLocale, name: 'heaviest locale' },
]

const recorded = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : {}
/** In bytes; `undefined` for a figure that has not been recorded yet. */
const changeOf = ({ name, size }) => (name in recorded ? size - recorded[name] : undefined)

const signed = (number) => (number > 0 ? `+${number}` : String(number))
for (const figure of figures) {
  const change = changeOf(figure)
  console.log(
    figure.name.padEnd(40),
    `${figure.size} B of ${figure.sizeLimit} B`.padStart(18),
    (change === undefined ? 'new' : `${signed(change)} B`).padStart(9),
  )
}
console.log(
  `The badge is ${badge} B of script and ${sizeOf('style sheet')} B of style sheet. ${heaviestLocale.name} is the heaviest.`,
)

if (process.argv.includes('--update')) {
  const sizes = Object.fromEntries(figures.map(({ name, size }) => [name, size]))
  writeFileSync(record, `${JSON.stringify(sizes, undefined, 2)}\n`)
}

const tooHeavy = [...figures, ...locales].filter(({ size, sizeLimit }) => size > sizeLimit)
for (const { name, size, sizeLimit } of tooHeavy) {
  console.error(`✗ ${name} is ${size - sizeLimit} B above its limit. Make it lighter, or raise the limit and say why.`)
}

const moved = figures.filter((figure) => {
  const change = changeOf(figure)
  return change === undefined || Math.abs(change) > UNRECORDED_CHANGE
})
const isRecordOld = moved.length > 0 && !process.argv.includes('--update')
if (isRecordOld) {
  console.error(
    '✗ bench/sizes.json is out of date. Look at the changes above, and record them: npm run size -- --update',
  )
}

process.exit(tooHeavy.length > 0 || isRecordOld ? 1 : 0)
