/** By folder: how many changes a test noticed, and how many no test did. */
type FolderScores = Record<string, { readonly noticed: number; readonly unnoticed: number }>

/** By area of areas.mjs, as scores.json has them. */
export type Scores = Record<string, FolderScores>

/** The rows of the table in CONTRIBUTING.md, in Markdown. */
export declare function rowsOfScores(scores: Scores): string[]
