/** An example's file as an app would have it: the sources are the package. */
export const asInAnApp = (source: string): string =>
  source.replaceAll(/(['"])\.\.\/\.\.\/src\/(index|transports\/([\w-]+))\.ts\1/g, (_, quote: string, path: string) =>
    path === 'index'
      ? `${quote}react-online-message${quote}`
      : `${quote}react-online-message/${path.slice(11)}${quote}`,
  )
