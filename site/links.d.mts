/**
 * The text of a document with links that lead to pages of the site.
 *
 * @throws {Error} when a link leads to nothing
 */
export declare function withSiteLinks(document: string, text: string): string
