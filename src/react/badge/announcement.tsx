'use client'

import { type ReactElement, useCallback, useRef } from 'react'
import { useAnnouncement } from './use-announcement.ts'

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
  const announce = useCallback((text: string) => {
    const { current: node } = region
    if (!node) return
    node.style.cssText = HIDDEN
    node.textContent = text
  }, [])
  useAnnouncement(sentence, announce)

  return <span ref={region} data-part="announcement" role="status" aria-atomic="true" />
}
