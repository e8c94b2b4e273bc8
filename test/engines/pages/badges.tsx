/** Every look of the badge in a column, between two lines of text. `?dir=rtl` writes from right to left. */
import { type ReactNode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { flushSync } from 'react-dom'
import { TypingBadge, type Typist } from '../../../src/index.ts'
import '../../../src/react/badge/styles.css'

declare global {
  interface Window {
    showTypists(count: number): void
  }
}

const SIZES = [12, 13, 14, 15, 16, 17, 18, 20, 24]
const VARIANTS = ['text', 'dots', 'bubble', 'avatars'] as const

const typists: readonly Typist[] = ['Ada', 'Grace', 'Edsger'].map((name) => ({
  id: name,
  name,
  activity: 'typing',
  since: 1,
}))

document.documentElement.dir = new URLSearchParams(location.search).get('dir') ?? 'ltr'
document.documentElement.style.cssText = 'color-scheme: light dark; font-family: sans-serif'

function Badges(): ReactNode {
  const [count, setCount] = useState(0)
  useEffect(() => {
    window.showTypists = (wanted) => flushSync(() => setCount(wanted))
  }, [])
  return VARIANTS.flatMap((variant) =>
    SIZES.map((size) => (
      <div key={`${variant} ${size}`} className="place" id={`${variant}-${size}`} style={{ fontSize: size }}>
        <TypingBadge
          variant={variant}
          typists={typists.slice(0, count)}
          total={count}
          announce={variant === 'text' && size === 16}
        />
        <p style={{ margin: 0 }}>
          {variant}, {size} px
        </p>
      </div>
    )),
  )
}

const root = createRoot(document.querySelector('#root')!)
// At once, so that the badges are there when the page has loaded.
flushSync(() => root.render(<Badges />))
