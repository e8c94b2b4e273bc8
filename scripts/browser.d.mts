/** The path of a whole Chromium or Chrome that starts, or `undefined` when there is none. */
export declare function findBrowser(): Promise<string | undefined>

/** The path of a headless shell that starts, or `undefined` when there is none. */
export declare function findHeadlessShell(): string | undefined

interface LaunchOptions {
  args: string[]
  executablePath?: string
}

/** Playwright's launch options for pages. */
export declare function browserLaunchOptions(): Promise<LaunchOptions>

/** Playwright's launch options for what needs windows. */
export declare function wholeBrowserLaunchOptions(): Promise<LaunchOptions>
