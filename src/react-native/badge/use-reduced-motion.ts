'use client'

import { useEffect, useState } from 'react'
import { AccessibilityInfo } from 'react-native'

/** Whether the person wants less motion. Until the system has answered, it is `true`: nothing begins to move and stops. */
export function useReducedMotion(): boolean {
  const [isReduced, setReduced] = useState(true)

  useEffect(() => {
    let hasChanged = false
    const subscription = AccessibilityInfo.addEventListener('reduceMotionChanged', (isEnabled) => {
      hasChanged = true
      setReduced(isEnabled)
    })
    const readFirst = async () => {
      // A system that cannot answer has no such setting.
      const isEnabled = await AccessibilityInfo.isReduceMotionEnabled().catch(() => false)
      if (!hasChanged) setReduced(isEnabled)
    }
    void readFirst()
    return () => {
      hasChanged = true
      subscription.remove()
    }
  }, [])

  return isReduced
}
