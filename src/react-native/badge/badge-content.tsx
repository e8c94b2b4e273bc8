import type { ReactElement, ReactNode } from 'react'
import { type StyleProp, Text, type TextStyle } from 'react-native'
import type { TypingBadgeOptions, TypingBadgeState } from '../../react/badge/typing-badge-options.ts'
import { commonActivity } from '../../core/typing/typing.ts'
import { Avatars } from './avatars.tsx'
import { Dots } from './dots.tsx'
import type { BadgeSizes } from './use-badge-sizes.ts'

interface BadgeContentProps {
  readonly state: TypingBadgeState
  readonly variant: TypingBadgeOptions['variant']
  readonly sentence: string
  /** The language of numbers, as a BCP 47 tag. */
  readonly tag: string
  readonly sizes: BadgeSizes
  readonly textStyle: StyleProp<TextStyle>
  readonly isReduced: boolean
  readonly children: TypingBadgeOptions['children']
}

/** What is in the label while somebody is typing: the app's own content, or else that of the variant. */
export function BadgeContent(props: BadgeContentProps): ReactElement {
  const { state, variant, sentence, tag, sizes, textStyle, isReduced, children } = props
  const style = [sizes.text, textStyle]
  const own = typeof children === 'function' ? children(state) : children
  const hasOwn = typeof children === 'function' || (own !== undefined && own !== null)
  if (hasOwn) return <OwnContent style={style}>{own}</OwnContent>

  const dots = <Dots activity={commonActivity(state.typists)} sizes={sizes} isReduced={isReduced} />
  if (variant === 'avatars') {
    return (
      <Avatars {...state} tag={tag} sizes={sizes} textStyle={style}>
        {dots}
      </Avatars>
    )
  }
  if (variant === 'text') {
    return (
      <Text numberOfLines={1} style={style}>
        {sentence}
      </Text>
    )
  }
  return dots
}

/** React Native draws text in a `Text` only. */
function OwnContent({ style, children }: { style: StyleProp<TextStyle>; children: ReactNode }): ReactElement {
  const isText = typeof children === 'string' || typeof children === 'number'
  if (!isText) return <>{children}</>
  return (
    <Text numberOfLines={1} style={style}>
      {children}
    </Text>
  )
}
