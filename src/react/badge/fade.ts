/** How long the label stays after the last typist has stopped, in milliseconds: styles.css fades it out in this time. */
export const FADE = 150
