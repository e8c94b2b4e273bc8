const PACKAGE = 'react-online-message'

/** The source of an example as an app would write it: it imports the package, not the package's own sources. */
export const sourceForApp = (source: string): string =>
  source.replaceAll(
    /(['"])(?:\.\.\/)+src\/(?:transports\/)?([\w-]+)(?:\/index)?\.ts\1/g,
    (_, quote: string, folder: string) => quote + entryPoint(folder) + quote,
  )

function entryPoint(folder: string): string {
  if (folder === 'index') return PACKAGE
  if (folder === 'socket-io') return `${PACKAGE}/socket.io`
  return `${PACKAGE}/${folder}`
}
