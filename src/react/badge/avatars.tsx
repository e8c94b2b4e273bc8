import { Fragment, type ReactElement } from 'react'
import type { TypingState } from '../../core/typing/typing.ts'
import { Dots } from './dots.tsx'

/**
 * The first letter, number or symbol of a name with what belongs to it: accents, the second half of a flag, the rest of a
 * family. `Intl.Segmenter` knows more of them, and not every browser knows it.
 */
const INITIAL = /\p{RI}{2}|[\p{L}\p{N}\p{S}](\p{M}|\p{EMod}|\u200d.)*/u

/**
 * Three of those who type, who began first comes first: a picture over an initial. Then "+2" for the others, and the dots. Without a picture,
 * while it loads and when it is broken there is the initial, and for nobody's name an empty disc.
 */
export const Avatars = ({ typists, total, tag }: TypingState & { readonly tag: string }): ReactElement => {
  const shown = typists.slice(0, 3)
  const rest = total - shown.length
  return (
    <>
      {shown.map(({ id, name = '', avatar }, place) => (
        // Who takes another one's place is drawn there anew: nothing that is seen moves.
        <span key={`${place} ${id}`} data-part="avatar">
          {INITIAL.exec(name)?.[0]}
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
      {/* And so where the stack ends elsewhere, which loads no picture again. */}
      <Fragment key={total}>
        {' '}
        {rest > 0 && <span data-part="more">{`+${rest.toLocaleString(tag)}`}</span>} <Dots />
      </Fragment>
    </>
  )
}
