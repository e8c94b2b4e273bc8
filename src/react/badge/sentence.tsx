import type { ReactElement } from 'react'
import { splitAtNames } from '../../core/language/format-typing.ts'

interface SentenceProps {
  readonly sentence: string
}

/**
 * The sentence, with each name in an element of its own: where there is too little room, the style sheet lets names shrink
 * and no other word. Its words decide its direction: an English sentence in an Arabic page has its full stop at its own
 * end. A name is a `<bdi>`, and does not decide.
 */
export function Sentence({ sentence }: SentenceProps): ReactElement {
  const pieces = splitAtNames(sentence).map((piece, index) => {
    // Every second piece is a name.
    if (index % 2 === 0) return piece
    return (
      <bdi key={index} data-part="name">
        {piece}
      </bdi>
    )
  })
  return (
    <span data-part="sentence" dir="auto">
      {pieces}
    </span>
  )
}
