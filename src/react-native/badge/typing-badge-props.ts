import type { StyleProp, TextStyle, ViewProps } from 'react-native'
import type { TypingBadgeOptions, TypingBadgeTypists } from '../../react/badge/typing-badge-options.ts'

/** The options of the badge, and what every `View` takes. */
export type TypingBadgeViewProps = TypingBadgeOptions &
  Omit<ViewProps, keyof TypingBadgeOptions> & {
    /**
     * The sentence's style. Dots, bubble and pictures take their colour from `color`, and their size from `fontSize`.
     * @default 14 points, in a grey that is readable on white and on black
     */
    readonly textStyle?: StyleProp<TextStyle>
  }

/** `style`, `ref` and everything else that a `View` takes go to the root. */
export type TypingBadgeProps = TypingBadgeTypists & TypingBadgeViewProps
