import type { Meta, StoryObj } from '@storybook/react-vite'
import { type CSSProperties, type ReactNode, useCallback, useState } from 'react'
import { createPortal } from 'react-dom'
import { expect, userEvent, waitFor } from 'storybook/test'
import { TypingBadge, type TypingBadgeProps, type TypingState } from '../src/index.ts'
import { ada, BROKEN_PICTURE, edsger, grace, person, SITUATIONS } from './badge-people.ts'
import styles from './badge-styling.module.css'
import { BadgeTable } from './badge-table.tsx'

type Variant = NonNullable<TypingBadgeProps['variant']>

const VARIANTS: readonly Variant[] = ['text', 'dots', 'bubble', 'avatars']

/**
 * `react-online-message/styles.css` is in `@layer react-online-message` and has specificity zero: any rule of yours that is
 * in no layer, or in a later one, wins. Style the root by `className`, `style` and its data attributes, and its parts by
 * `data-part`. Or leave the style sheet out.
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

/** Here each variable is set on the badge itself. You can also set it on any element around the badge. */
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

/** A class for the root, and data attributes for its state and its parts. */
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

const tailwindCode = `/* app.css: after Tailwind's base, which removes all borders, and before your utilities */
@layer theme, base, react-online-message, components, utilities;
@import 'tailwindcss';
@import 'react-online-message/styles.css';

/* chat.tsx */
<TypingBadge
  conversation={conversation}
  className="text-sm text-slate-500 dark:text-slate-400 data-[activity=recording]:text-red-600
    *:data-[part=label]:italic **:data-[part=avatar]:bg-sky-200 [--typing-badge-gap:3px]"
/>`

/** Tailwind 4 has variants for data attributes. The badge below has the styles that these classes give it. */
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

/** While a picture is broken or not yet loaded, the initial is shown; without a name, an empty circle. */
export const BrokenPictures: Story = {
  render: () => (
    <TypingBadge
      announce={false}
      variant="avatars"
      typists={[person('Ada', BROKEN_PICTURE), person('Grace', BROKEN_PICTURE), person()]}
    />
  ),
  parameters: { docs: { canvas: { sourceState: 'none' } } },
  play: async ({ canvasElement }) => {
    const images = Array.from(canvasElement.querySelectorAll('img'))
    await expect(images).toHaveLength(2)
    await waitFor(() => expect(images.some((image) => image.checkVisibility())).toBe(false))
  },
}

/** When typing stops, the badge keeps its last state while it fades out in 150 ms. Press the button: nothing moves. */
export const Fading: Story = {
  render: () => <StartAndStop />,
  parameters: { docs: { canvas: { sourceState: 'none' } } },
  play: async ({ canvas, canvasElement }) => {
    const labels = () => Array.from(canvasElement.querySelectorAll('[data-part=label]'))
    const isEmpty = (label: Element) => label.childElementCount === 0 && !label.textContent
    const button = canvas.getByRole('button')
    const { top } = button.getBoundingClientRect()
    await userEvent.click(button)
    await expect(canvasElement.querySelectorAll('[data-state=idle]')).toHaveLength(VARIANTS.length)
    await waitFor(() => expect(labels().every(isEmpty)).toBe(true))
    await expect(button.getBoundingClientRect().top).toBe(top)
    await userEvent.click(button)
    await expect(canvasElement.querySelectorAll('[data-state=typing]')).toHaveLength(VARIANTS.length)
    await expect(button.getBoundingClientRect().top).toBe(top)
  },
}

/** The badge also works without the style sheet: small pictures, full stops instead of dots, and nothing is read twice. */
export const Unstyled: Story = {
  render: () => (
    <ShadowTree>
      {VARIANTS.map((variant) => (
        <p key={variant} lang="en">
          <TypingBadge variant={variant} announce={false} typists={[ada, person('Barbara'), grace, edsger]} />
        </p>
      ))}
    </ShadowTree>
  ),
  parameters: { docs: { canvas: { sourceState: 'none' } } },
}

function StartAndStop(): ReactNode {
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

/** The style sheets of the page do not reach into a shadow tree. */
function ShadowTree({ children }: { readonly children: ReactNode }): ReactNode {
  const [root, setRoot] = useState<ShadowRoot | null>(null)
  const attach = useCallback((host: HTMLElement | null) => {
    if (host) setRoot(host.shadowRoot ?? host.attachShadow({ mode: 'open' }))
  }, [])
  return <div ref={attach}>{root && createPortal(children, root)}</div>
}
