/** How long the last sentence stays, in milliseconds: styles.css fades it out in this time. */
export const FADE = 150

/** How long a sentence has to hold still before it is spoken, in milliseconds. */
export const STILL = 2000
