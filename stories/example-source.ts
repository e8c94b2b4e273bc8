const PACKAGE = 'react-online-message'

/** An example's file as an app would have it: the sources are the package. */
export const asInAnApp = (source: string): string =>
  source.replaceAll(
    /(['"])\.\.\/\.\.\/src\/(?:transports\/)?([\w-]+)(?:\/index)?\.ts\1/g,
    (_, quote: string, entry: string) => quote + (entry === 'index' ? PACKAGE : `${PACKAGE}/${entry}`) + quote,
  )
