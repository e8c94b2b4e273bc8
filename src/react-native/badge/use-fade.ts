'use client'

import { useEffect, useState } from 'react'
import { Animated } from 'react-native'
import { FADE } from '../../react/badge/fade.ts'
import { USE_NATIVE_DRIVER } from './native-driver.ts'

/** The opacity of a label that fades in and out, or changes at once for a person who wants less motion. */
export function useFade(isVisible: boolean, isReduced: boolean): Animated.Value {
  const target = isVisible ? 1 : 0
  const [opacity] = useState(() => new Animated.Value(target))

  useEffect(() => {
    const fade = Animated.timing(opacity, {
      toValue: target,
      duration: isReduced ? 0 : FADE,
      useNativeDriver: USE_NATIVE_DRIVER,
    })
    fade.start()
    return () => fade.stop()
  }, [opacity, target, isReduced])

  return opacity
}
