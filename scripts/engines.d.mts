/** Whether the tests may leave out an engine that is missing, and say so. */
export declare const mayLeaveOut: boolean

/** The name or path of a Firefox, or `undefined` when there is none. */
export declare function findFirefox(): string | undefined

/** The path of WebKitGTK's small browser, or `undefined` when it, its driver or the screen for it is missing. */
export declare function findWebKit(): string | undefined
