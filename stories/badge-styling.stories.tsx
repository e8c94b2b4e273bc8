import type { Meta, StoryObj } from '@storybook/react-vite'
import { type CSSProperties, type ReactNode, useCallback, useState } from 'react'
import { createPortal } from 'react-dom'
import { expect, userEvent, waitFor } from 'storybook/test'
import { TypingBadge, type TypingBadgeProps, type TypingState } from '../src/index.ts'
import { ada, BROKEN, edsger, grace, person, SITUATIONS } from './badge-people.ts'
import styles from './badge-styling.module.css'
import { BadgeTable } from './badge-table.tsx'

type Variant = NonNullable<TypingBadgeProps['variant']>

const VARIANTS: readonly Variant[] = ['text', 'dots', 'bubble', 'avatars']

/**
 * `react-online-message/styles.css` is in `@layer react-online-message` and has no specificity: any rule of yours that is
 * in no layer, or in a later one, wins. Style the root by `className`, `style` and its data attributes, and what is in it
 * by `data-part`. Or leave the sheet out.
 */
const meta: Meta = { title: 'Looks/Styling' }
export default meta

type Story = StoryObj

const VARIABLES: Readonly<Record<string, readonly [Variant, string]>> = {
  '--typing-badge-size': ['text', '1.5rem'],
  '--typing-badge-color': ['text', 'light-dark(#1a6b3c, #7ddba5)'],
  '--typing-badge-gap': ['dots', '0.6em'],
  '--typing-badge-duration': ['dots', '3s'],
  '--typing-badge-bubble': ['bubble', 'light-dark(#d8e5ff, #22345c)'],
  '--typing-badge-radius': ['bubble', '0.5em'],
  '--typing-badge-avatar': ['avatars', '2.5em'],
}

/** Each on the badge itself; they may as well be set on anything around it. */
export const Variables: Story = {
  render: () => (
    <BadgeTable
      rows={Object.fromEntries(
        Object.entries(VARIABLES).map(([name, [variant, value]]) => [
          name,
          <TypingBadge
            key={name}
            variant={variant}
            announce={false}
            typists={[ada, grace]}
            style={{ [name]: value }}
          />,
        ]),
      )}
    />
  ),
  parameters: {
    docs: { source: { code: '.chat {\n  --typing-badge-bubble: #d8e5ff;\n  --typing-badge-gap: 0.6em;\n}' } },
  },
}

const modulesCss = `/* chat.module.css */
.badge {
  --typing-badge-gap: 0.15em;
  color: #3557c8;
  font-style: italic;

  &[data-activity='recording'] {
    color: #b3372f;
  }

  [data-part='avatar'] {
    background: #d8e5ff;
  }
}

/* chat.tsx */
import styles from './chat.module.css'

<TypingBadge className={styles.badge} conversation={conversation} />`

/** A class on the root; its state and its parts by their data attributes. */
export const CSSModules: Story = {
  render: () => (
    <div className={styles.page}>
      {VARIANTS.map((variant) => (
        <TypingBadge
          key={variant}
          className={styles.badge}
          variant={variant}
          announce={false}
          typists={[ada, person('Barbara')]}
        />
      ))}
      <TypingBadge className={styles.badge} announce={false} typists={[{ ...ada, activity: 'recording' }]} />
    </div>
  ),
  parameters: { docs: { source: { language: 'css', code: modulesCss } } },
  play: async ({ canvasElement }) => {
    const [text] = canvasElement.querySelectorAll('[data-typing-badge]')
    await expect(getComputedStyle(text!)).toMatchObject({ color: 'rgb(53, 87, 200)', fontStyle: 'italic' })
  },
}

const tailwindCode = `/* app.css: after Tailwind's base, which takes all borders away, and before your utilities */
@layer theme, base, react-online-message, components, utilities;
@import 'tailwindcss';
@import 'react-online-message/styles.css';

/* chat.tsx */
<TypingBadge
  conversation={conversation}
  className="text-sm text-slate-500 dark:text-slate-400 data-[activity=recording]:text-red-600
    *:data-[part=seen]:italic **:data-[part=avatar]:bg-sky-200 [--typing-badge-gap:3px]"
/>`

/** Tailwind 4: its variants for data attributes fit as they are. The picture shows what these classes come to. */
export const Tailwind: Story = {
  render: () => (
    <TypingBadge
      announce={false}
      variant="avatars"
      typists={[person('Ada'), person('Grace')]}
      style={{ '--typing-badge-gap': '3px', fontSize: '0.875rem', fontStyle: 'italic' } as CSSProperties}
    />
  ),
  parameters: { docs: { source: { language: 'css', code: tailwindCode } } },
}

/** A picture that is broken, or not there yet, leaves the initial; where there is no name either, an empty face. */
export const BrokenPictures: Story = {
  render: () => (
    <TypingBadge
      announce={false}
      variant="avatars"
      typists={[person('Ada', BROKEN), person('Grace', BROKEN), person()]}
    />
  ),
  parameters: { docs: { source: { code: null } } },
  play: async ({ canvasElement }) => {
    const images = Array.from(canvasElement.querySelectorAll('img'))
    await expect(images).toHaveLength(2)
    await waitFor(() => expect(images.some((image) => image.checkVisibility())).toBe(false))
  },
}

/** Who stops fades out in 150 ms, as they were. Press the button: nothing around it moves. */
export const Fading: Story = {
  render: () => <Stopping />,
  parameters: { docs: { source: { code: null } } },
  play: async ({ canvas, canvasElement }) => {
    const seen = () => Array.from(canvasElement.querySelectorAll('[data-part=label]'))
    const button = canvas.getByRole('button')
    const { top } = button.getBoundingClientRect()
    await userEvent.click(button)
    await expect(canvasElement.querySelectorAll('[data-state=idle]')).toHaveLength(VARIANTS.length)
    await waitFor(() => expect(seen().every((part) => part.childElementCount === 0 && !part.textContent)).toBe(true))
    await expect(button.getBoundingClientRect().top).toBe(top)
    await userEvent.click(button)
    await expect(canvasElement.querySelectorAll('[data-state=typing]')).toHaveLength(VARIANTS.length)
    await expect(button.getBoundingClientRect().top).toBe(top)
  },
}

/** Without the style sheet it is still right: small pictures, full stops for dots, and nothing is read twice. */
export const Unstyled: Story = {
  render: () => (
    <Shadow>
      {VARIANTS.map((variant) => (
        <p key={variant} lang="en">
          <TypingBadge variant={variant} announce={false} typists={[ada, person('Barbara'), grace, edsger]} />
        </p>
      ))}
    </Shadow>
  ),
  parameters: { docs: { source: { code: null } } },
}

function Stopping(): ReactNode {
  const [state, setState] = useState<TypingState>(SITUATIONS.Several!)
  const typing = state.total > 0
  return (
    <div style={{ display: 'grid', gap: '0.75rem', justifyItems: 'start' }}>
      {VARIANTS.map((variant) => (
        <TypingBadge key={variant} variant={variant} announce={false} {...state} />
      ))}
      <button type="button" onClick={() => setState(typing ? SITUATIONS.Nobody! : SITUATIONS.Several!)}>
        {typing ? 'They stop' : 'They type'}
      </button>
    </div>
  )
}

/** A tree the page's style sheets do not reach. */
function Shadow({ children }: { readonly children: ReactNode }): ReactNode {
  const [root, setRoot] = useState<ShadowRoot | null>(null)
  const attach = useCallback((host: HTMLElement | null) => {
    if (host) setRoot(host.shadowRoot ?? host.attachShadow({ mode: 'open' }))
  }, [])
  return <div ref={attach}>{root && createPortal(children, root)}</div>
}
