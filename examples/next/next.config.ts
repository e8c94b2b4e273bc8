import type { NextConfig } from 'next'

const config: NextConfig = {
  // Next takes the outermost folder with a package-lock.json for the project. An app that is in no other one does not need
  // this line.
  turbopack: { root: import.meta.dirname },
}

export default config
