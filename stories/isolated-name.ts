/** A name as the badge writes it: two invisible characters isolate its writing direction from that of the sentence. */
export const isolated = (name: string): string => `\u2068${name}\u2069`
