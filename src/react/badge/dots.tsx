import type { ReactElement } from 'react'

/**
 * Three dots. The style sheet draws them, in a rhythm that depends on the activity, and hides the full stops, which are
 * for pages without the style sheet.
 */
export const Dots = (): ReactElement => (
  <span data-part="dots">
    <span>.</span>
    <span>.</span>
    <span>.</span>
  </span>
)
