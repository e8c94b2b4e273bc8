'use client'

import { type ReactElement, useState } from 'react'
import { Image, StyleSheet, Text, View } from 'react-native'
import type { Typist } from '../../core/typing/typing.ts'
import { initialOf } from '../../react/badge/initial.ts'
import type { BadgeSizes } from './use-badge-sizes.ts'

interface AvatarProps {
  readonly typist: Typist
  readonly sizes: BadgeSizes
}

/**
 * The picture of a typist. It lies over the initial of the name, which shows while the picture loads and when it is broken.
 * Without a name there are head and shoulders.
 */
export function Avatar({ typist: { name, avatar }, sizes }: AvatarProps): ReactElement {
  const [brokenAvatar, setBrokenAvatar] = useState<string>()
  const { avatar: diameter, color } = sizes
  const initial = initialOf(name)
  const disc = { width: diameter, height: diameter, borderRadius: diameter / 2 }
  return (
    <View style={[styles.avatar, disc]}>
      <View style={[StyleSheet.absoluteFill, styles.disc, { backgroundColor: color }]} />
      {initial === undefined ? (
        <Person diameter={diameter} sizes={sizes} />
      ) : (
        <Text allowFontScaling={false} style={{ color, fontSize: 0.4 * diameter }}>
          {initial}
        </Text>
      )}
      {avatar && avatar !== brokenAvatar && (
        <Image
          key={avatar}
          source={{ uri: avatar }}
          referrerPolicy="no-referrer"
          onError={() => setBrokenAvatar(avatar)}
          style={[StyleSheet.absoluteFill, disc]}
        />
      )}
    </View>
  )
}

/** Head and shoulders. */
const Person = ({
  diameter,
  sizes: { color },
}: {
  readonly diameter: number
  readonly sizes: BadgeSizes
}): ReactElement => {
  const round = (size: number, top: number) => ({
    position: 'absolute' as const,
    top: top * diameter,
    width: size * diameter,
    height: size * diameter,
    borderRadius: (size * diameter) / 2,
    backgroundColor: color,
    opacity: 0.6,
  })
  return (
    <>
      <View style={round(0.36, 0.18)} />
      <View style={round(0.7, 0.62)} />
    </>
  )
}

const styles = StyleSheet.create({
  avatar: { alignItems: 'center', justifyContent: 'center', overflow: 'hidden' },
  disc: { opacity: 0.16 },
})
