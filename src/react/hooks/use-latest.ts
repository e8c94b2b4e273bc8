'use client'

import { useCallback, useInsertionEffect, useRef } from 'react'

/**
 * Gives long-lived code the options of the latest render: it need not be made again when an option changes.
 *
 * @returns a function that stays the same. It is for event handlers and effects, not for rendering.
 */
export function useLatest<Value>(value: Value): () => Value {
  const ref = useRef(value)
  // Insertion effects run before all other effects: none of those finds the options of the render before.
  useInsertionEffect(() => {
    ref.current = value
  })
  return useCallback(() => ref.current, [])
}
