/** All paths of the repository that the site shows, as a list without repetitions. */
export declare function shownPaths(): readonly string[]
