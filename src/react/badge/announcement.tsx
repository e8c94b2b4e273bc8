'use client'

import { type ReactElement, useEffect, useRef } from 'react'
import { FADE } from './fade.ts'

/** How long a sentence stays the same before it is announced, in milliseconds. */
const ANNOUNCE_AFTER = 2000

/**
 * Not in styles.css: without the sheet the text must be hidden too, or the sentence is seen twice. It is set together with
 * the text, by script, because a strict content security policy forbids inline styles in the markup.
 */
const HIDDEN = 'position: absolute; transform: scale(0)'

interface AnnouncementProps {
  /** Who is typing, or the empty string while nobody is. */
  readonly sentence: string
}

/**
 * The live region from which screen readers announce the sentence, once while somebody is typing. It is in the page before
 * its text is, as screen readers need it. The text is written past React, so that announcing costs no render.
 */
export function Announcement({ sentence }: AnnouncementProps): ReactElement {
  const region = useRef<HTMLSpanElement>(null)
  const hasAnnounced = useRef(false)

  useEffect(() => {
    const { current: node } = region
    if (!node) return
    const update = () => {
      const isDue = sentence && !hasAnnounced.current
      hasAnnounced.current = Boolean(sentence)
      if (!isDue) return
      node.style.cssText = HIDDEN
      node.textContent = sentence
    }
    // Whoever types again while the label fades goes on typing.
    const timer = setTimeout(update, sentence ? ANNOUNCE_AFTER : FADE)
    return () => {
      clearTimeout(timer)
      node.textContent = ''
    }
  }, [sentence])

  return <span ref={region} data-part="announcement" role="status" aria-atomic="true" />
}
