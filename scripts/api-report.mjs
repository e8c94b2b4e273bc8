/**
 * `npm run api`: writes what the package exports, with its types, into api/, one file for each entry point. A change of
 * the public surface is then seen in a review. With `--check`, as in `npm test`, it writes nothing, and fails where a file
 * is not what dist/ exports.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const isCheck = process.argv.includes('--check')
const { exports } = JSON.parse(readFileSync(at('package.json'), 'utf8'))

/** The entry points that have scripts: the declarations of each, and the name of its report. */
const entryPoints = Object.entries(exports)
  .filter(([, target]) => target.types?.import)
  .map(([name, target]) => ({ file: target.types.import, report: name === '.' ? 'index' : name.slice(2) }))

const silent = { default: { logLevel: ExtractorLogLevel.None } }

const configOf = ({ file, report }) =>
  ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: at('package.json'),
    configObject: {
      projectFolder: at(''),
      mainEntryPointFilePath: at(file),
      compiler: { tsconfigFilePath: at('tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFolder: at('api'),
        reportTempFolder: at('node_modules/.cache/react-online-message/api'),
        reportFileName: `${report}.api.md`,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: { compilerMessageReporting: silent, extractorMessageReporting: silent, tsdocMessageReporting: silent },
    },
  })

/** @returns whether the report is what the entry point exports. */
function report(config, compilerState) {
  const { succeeded, apiReportChanged } = Extractor.invoke(config, {
    compilerState,
    localBuild: !isCheck,
    // What has changed is said once, below.
    messageCallback(message) {
      message.handled = message.logLevel !== ExtractorLogLevel.Error
    },
  })
  if (!isCheck) return true
  return succeeded && !apiReportChanged
}

if (!isCheck) rmSync(at('api'), { recursive: true, force: true })
mkdirSync(at('api'), { recursive: true })

const configs = entryPoints.map(configOf)
// Read once for all entry points.
const compilerState = CompilerState.create(configs[0], {
  additionalEntryPoints: configs.slice(1).map(({ mainEntryPointFilePath }) => mainEntryPointFilePath),
})
const changed = entryPoints.filter((_, index) => !report(configs[index], compilerState))
if (changed.length > 0) {
  console.error(
    `The public API has changed: ${changed.map(({ report }) => `api/${report}.api.md`).join(', ')}.\n` +
      'If that is meant, run `npm run build` and `npm run api`, read the difference and commit it.',
  )
  process.exit(1)
}
