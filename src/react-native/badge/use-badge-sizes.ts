'use client'

import { type ColorValue, type StyleProp, StyleSheet, type TextStyle, useWindowDimensions } from 'react-native'
import type { TypingBadgeOptions } from '../../react/badge/typing-badge-options.ts'

/** React Native's own, in points. */
const FONT_SIZE = 14

/** A grey with a contrast of 4.5 on white and of 4.6 on black. */
const GREY = '#767676'

type ByVariant = Readonly<Record<NonNullable<TypingBadgeOptions['variant']>, number>>

/** What all parts of a badge are measured and coloured by. */
export interface BadgeSizes {
  /** The size of the font as it is on the screen, in points: with the person's own setting. */
  readonly em: number
  readonly color: ColorValue
  /** The diameter of a picture. */
  readonly avatar: number
  /** The space that each variant reserves, so that nothing shifts. */
  readonly height: ByVariant
  /** The same, across. */
  readonly minWidth: ByVariant
  /** The text's style, without the person's setting: `Text` applies that itself. */
  readonly text: TextStyle
}

/** The space that three dots take, in em. */
export const DOTS_WIDTH = 1.6

/** Measures a badge by the style of its text. */
export function useBadgeSizes(textStyle: StyleProp<TextStyle>): BadgeSizes {
  const { fontScale } = useWindowDimensions()
  const { fontSize = FONT_SIZE, lineHeight = Math.ceil(1.4 * fontSize), color = GREY } = StyleSheet.flatten([textStyle])
  const em = fontSize * fontScale
  const line = lineHeight * fontScale
  const avatar = 1.75 * em
  const dots = DOTS_WIDTH * em
  return {
    em,
    color,
    avatar,
    height: { text: line, dots: line, bubble: 2.4 * em, avatars: Math.max(avatar, line) },
    minWidth: { text: 0, dots, bubble: dots + 1.8 * em, avatars: dots },
    text: { fontSize, lineHeight, color },
  }
}
