'use client'

import { useEffect, useRef } from 'react'
import { FADE } from './fade.ts'

/** How long a sentence stays the same before it is announced, in milliseconds. */
const ANNOUNCE_AFTER = 2000

/**
 * Announces the sentence to screen readers: once it has not changed for 2 s, once while somebody is typing, and never that
 * somebody stopped.
 *
 * @param sentence who is typing, or the empty string while nobody is.
 * @param announce called with what is to be announced, and with the empty string when that is no longer true. It stays the
 * same function.
 */
export function useAnnouncement(sentence: string, announce: (text: string) => void): void {
  const hasAnnounced = useRef(false)

  useEffect(() => {
    const update = () => {
      const isDue = sentence && !hasAnnounced.current
      hasAnnounced.current = Boolean(sentence)
      if (isDue) announce(sentence)
    }
    // Whoever types again while the label fades goes on typing.
    const timer = setTimeout(update, sentence ? ANNOUNCE_AFTER : FADE)
    return () => {
      clearTimeout(timer)
      announce('')
    }
  }, [sentence, announce])
}
