/** What is used of jsdom, which brings no types. */
declare module 'jsdom' {
  export const JSDOM: new (html: string) => { readonly window: Window & typeof globalThis }
}

/** React's production build with a working `Profiler`. */
declare module 'react-dom/profiling' {
  export * from 'react-dom/client'
}
