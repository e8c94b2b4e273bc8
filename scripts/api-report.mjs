/**
 * `npm run api`: writes what the package exports, with its types, into api/, one file for each entry point. A change of
 * the public surface is then seen in a review. With `--check`, as in `npm test`, it writes nothing, and fails where a file
 * is not what dist/ exports.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const isCheck = process.argv.includes('--check')
const { exports } = JSON.parse(readFileSync(at('package.json'), 'utf8'))

/** The entry points that have scripts: the declarations of each, and the name of its report. */
const entryPoints = Object.entries(exports)
  .filter(([, target]) => target.types?.import)
  .map(([name, target]) => ({ file: target.types.import, report: name === '.' ? 'index' : name.slice(2) }))

const silent = { default: { logLevel: ExtractorLogLevel.None } }

/** @returns whether the report is what the entry point exports. */
function report({ file, report }) {
  const config = ExtractorConfig.prepare({
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
  const { succeeded, apiReportChanged } = Extractor.invoke(config, {
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

const changed = entryPoints.filter((entryPoint) => !report(entryPoint))
if (changed.length > 0) {
  console.error(
    `The public API has changed: ${changed.map(({ report }) => `api/${report}.api.md`).join(', ')}.\n` +
      'If that is meant, run `npm run build` and `npm run api`, read the difference and commit it.',
  )
  process.exit(1)
}
