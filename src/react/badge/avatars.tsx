import { Fragment, type ReactElement } from 'react'
import type { TypingState } from '../../core/typing/typing.ts'
import { Dots } from './dots.tsx'
import { initialOf, MAX_AVATARS } from './initial.ts'

interface AvatarsProps extends TypingState {
  /** The language in which the number of the others is written, as a BCP 47 tag. */
  readonly tag: string
}

/**
 * The first three typists, then "+2" for the others, and the dots. A picture lies over the initial of its typist's name,
 * which shows while the picture loads and when it is broken. Without a name there is an empty disc.
 */
export function Avatars({ typists, total, tag }: AvatarsProps): ReactElement {
  const shown = typists.slice(0, MAX_AVATARS)
  const others = total - shown.length
  return (
    <>
      <span data-part="stack">
        {shown.map(({ id, name, avatar }, index) => (
          // The index is part of the key, so that a typist who moves up is drawn in the new place: no element moves.
          <span key={`${index} ${id}`} data-part="avatar">
            {initialOf(name)}
            {avatar && (
              <img
                key={avatar}
                src={avatar}
                alt=""
                // For a page without the style sheet.
                width="24"
                height="24"
                referrerPolicy="no-referrer"
                onError={({ currentTarget }) => {
                  currentTarget.style.display = 'none'
                }}
              />
            )}
          </span>
        ))}
      </span>
      {/* The key draws these again when the stack gets another length, for the same reason. No picture loads again. */}
      <Fragment key={total}>
        {' '}
        {others > 0 && <bdi data-part="more">{`+${others.toLocaleString(tag)}`}</bdi>} <Dots />
      </Fragment>
    </>
  )
}
