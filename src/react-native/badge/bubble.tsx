import type { ReactElement } from 'react'
import { StyleSheet, View } from 'react-native'
import type { BadgeSizes } from './use-badge-sizes.ts'

/** The bubble behind the dots. It is translucent by its opacity, so that `color` may be any colour of the system. */
export const Bubble = ({ sizes: { em, color } }: { readonly sizes: BadgeSizes }): ReactElement => (
  <View
    style={[
      StyleSheet.absoluteFill,
      { backgroundColor: color, opacity: 0.12, borderRadius: 1.25 * em, borderBottomStartRadius: 0.3 * em },
    ]}
  />
)
