'use client'

import { type ReactElement, useEffect, useState } from 'react'
import { Animated, Easing, StyleSheet, View } from 'react-native'
import type { Activity } from '../../core/typing/typing.ts'
import { USE_NATIVE_DRIVER } from './native-driver.ts'
import { type Rhythm, rhythmOf } from './rhythms.ts'
import { type BadgeSizes, DOTS_WIDTH } from './use-badge-sizes.ts'

/** How long each dot moves after the one before it, in milliseconds. */
const DELAY = 150

const DOTS = [0, 1, 2]

interface DotsProps {
  readonly activity: Activity
  readonly sizes: BadgeSizes
  readonly isReduced: boolean
}

/** Three dots, in a rhythm that depends on the activity. For a person who wants less motion they do not move. */
export function Dots({ activity, sizes: { em, color }, isReduced }: DotsProps): ReactElement {
  const rhythm = rhythmOf(activity)
  const { duration, isSingle } = rhythm
  const [progress] = useState(() => new Animated.Value(0))

  useEffect(() => {
    if (isReduced) return
    const round = { toValue: 1, duration, easing: Easing.linear, useNativeDriver: USE_NATIVE_DRIVER }
    const loop = Animated.loop(Animated.timing(progress, round))
    loop.start()
    return () => {
      loop.stop()
      progress.setValue(0)
    }
  }, [progress, duration, isReduced])

  const dot = { width: 0.4 * em, height: 0.4 * em, borderRadius: 0.2 * em, backgroundColor: color }
  const shape = { transform: [{ scaleX: rhythm.scale.x }, { scaleY: rhythm.scale.y }] }
  return (
    <View style={[styles.dots, { width: DOTS_WIDTH * em }]}>
      {DOTS.map((index) => {
        const movement = isReduced ? shape : move(progress, rhythm, { em, delay: (index * DELAY) / duration })
        const isLeftOut = isSingle && index !== 1
        return <Animated.View key={index} style={[dot, movement, isLeftOut && styles.leftOut]} />
      })}
    </View>
  )
}

/** Moves one dot in a round: it is at its peak after three tenths of it, and at rest after six tenths. */
function move(progress: Animated.Value, rhythm: Rhythm, { em, delay }: { em: number; delay: number }) {
  const inputRange = [0, delay, delay + 0.3, delay + 0.6, 1]
  const between = (rest: number, peak: number) =>
    progress.interpolate({ inputRange, outputRange: [rest, rest, peak, rest, rest] })

  const { scale, peak, rise } = rhythm
  const transform = [
    { translateY: between(0, -rise * em) },
    { scaleX: between(scale.x, peak.x) },
    { scaleY: between(scale.y, peak.y) },
  ]
  return { opacity: between(0.3, 1), transform }
}

const styles = StyleSheet.create({
  dots: {
    flexDirection: 'row',
    alignSelf: 'center',
    alignItems: 'center',
    justifyContent: 'space-between',
    marginHorizontal: 'auto',
  },
  leftOut: { opacity: 0 },
})
