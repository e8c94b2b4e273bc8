import type { ReactElement } from 'react'

/** Matches a name in a sentence of `formatTyping`, which puts each between U+2068 and U+2069. */
const NAME = /\u2068(.*?)\u2069/s

interface SentenceProps {
  readonly sentence: string
}

/**
 * The sentence, with each name in an element of its own: where there is too little room, the style sheet lets names shrink
 * and no other word. A name is a `<bdi>`, so that it does not decide the direction of the sentence.
 */
export function Sentence({ sentence }: SentenceProps): ReactElement {
  // What `NAME` has matched is every second piece.
  const pieces = sentence.split(NAME)
  return (
    <>
      {pieces.map((piece, index) => {
        if (index % 2 === 0) return piece
        return (
          <bdi key={index} data-part="name">
            {piece}
          </bdi>
        )
      })}
    </>
  )
}
