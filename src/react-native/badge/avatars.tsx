import type { ReactElement, ReactNode } from 'react'
import { type StyleProp, StyleSheet, Text, type TextStyle, View } from 'react-native'
import { isolate } from '../../core/language/isolate.ts'
import type { TypingState } from '../../core/typing/typing.ts'
import { MAX_AVATARS } from '../../react/badge/initial.ts'
import { Avatar } from './avatar.tsx'
import type { BadgeSizes } from './use-badge-sizes.ts'

interface AvatarsProps extends TypingState {
  /** The language in which the number of the others is written, as a BCP 47 tag. */
  readonly tag: string
  readonly sizes: BadgeSizes
  readonly textStyle: StyleProp<TextStyle>
  /** The dots. */
  readonly children: ReactNode
}

/** The first three typists, then "+2" for the others, and the dots. */
export function Avatars({ typists, total, tag, sizes, textStyle, children }: AvatarsProps): ReactElement {
  const shown = typists.slice(0, MAX_AVATARS)
  const others = total - shown.length
  return (
    <View style={[styles.row, { gap: 0.2 * sizes.em }]}>
      {shown.map((typist) => (
        <Avatar key={typist.id} typist={typist} sizes={sizes} />
      ))}
      {others > 0 && <Text style={textStyle}>{isolate(`+${others.toLocaleString(tag)}`)}</Text>}
      <View style={{ marginStart: 0.2 * sizes.em }}>{children}</View>
    </View>
  )
}

const styles = StyleSheet.create({ row: { flexDirection: 'row', alignItems: 'center' } })
