/** The words by which a page is found, of a word on it or of a word in a question. */
export declare function searchTerms(word: string): readonly string[]
