/** React Native and jsdom lack some of what a browser has: nothing of it may be needed to load the package. */
delete globalThis.TextEncoder
delete globalThis.TextDecoder
delete Intl.ListFormat
delete Intl.PluralRules
delete Intl.Segmenter

for (const entryPoint of process.argv.slice(2)) await import(entryPoint)
