/** The part of jsdom that the benchmarks use: jsdom has no types of its own. */
declare module 'jsdom' {
  export const JSDOM: new (html: string) => { readonly window: Window & typeof globalThis }
}

/** React's production build with a working `Profiler`. */
declare module 'react-dom/profiling' {
  export * from 'react-dom/client'
}
