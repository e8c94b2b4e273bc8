/** What readers look for, and the page that has to be among the first three answers. */
export declare const pageOfQuestion: Readonly<Record<string, string>>
