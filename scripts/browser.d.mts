/** The path of a Chromium that starts, or `undefined` when there is none. */
export declare function findBrowser(): Promise<string | undefined>

/** Playwright's launch options for that browser. */
export declare function browserLaunchOptions(): Promise<{ args: string[]; executablePath?: string }>
