import type { ReactNode } from 'react'
import './typing-timeline.css'

/** The horizontal position of a second. */
const x = (second: number) => 100 + second * 46

const packets: readonly (readonly [second: number, from: 'typist' | 'server', what: string])[] = [
  [0, 'typist', 'first key: takes a 7 s lease'],
  [0, 'server', 'Ada types'],
  [5, 'typist', 'renewed'],
  [10, 'typist', 'renewed'],
  [12, 'typist', 'released'],
  [12, 'server', 'nobody types'],
]

const TYPIST = 70
const SERVER = 150
const READER = 230

/** A typing session with eight seconds of keys: what is sent, and when. */
export function TypingTimeline(): ReactNode {
  return (
    <figure className="typing-timeline">
      <svg viewBox="0 0 760 270" role="img" aria-labelledby="typing-timeline-title">
        <title id="typing-timeline-title">
          Ada presses keys from second 0 to second 8. Her client takes a lease at 0, renews it at 5 and 10, and releases
          it at 12, four seconds after the last key. The server sends the reader two typing updates: at 0 that Ada
          types, at 12 that nobody types.
        </title>
        {(
          [
            ['Typist', TYPIST],
            ['Server', SERVER],
            ['Reader', READER],
          ] as const
        ).map(([name, y]) => (
          <g key={name}>
            <text x="0" y={y + 5} className="name">
              {name}
            </text>
            <line x1="80" x2="760" y1={y} y2={y} className="life" />
          </g>
        ))}
        <rect x={x(0)} y={TYPIST - 8} width={x(8) - x(0)} height="16" rx="8" className="keys" />
        <text x={x(4)} y={TYPIST - 18} className="middle">
          keys
        </text>
        <text x={x(10)} y={TYPIST - 18} className="middle quiet">
          4 s without a key
        </text>
        <rect x={x(0)} y={READER - 8} width={x(12) - x(0)} height="16" rx="8" className="shown" />
        <text x={x(6)} y={READER + 30} className="middle">
          “The other party is typing…”
        </text>
        {packets.map(([second, from, what]) => {
          const y = from === 'typist' ? TYPIST : SERVER
          return (
            <g key={`${second} ${from}`}>
              <line x1={x(second)} x2={x(second)} y1={y + 9} y2={y + 64} className="packet" />
              <path d={`M${x(second) - 5} ${y + 60}l5 10 5-10z`} className="head" />
              <text x={x(second) + 8} y={y + 42} className="quiet">
                {what}
              </text>
            </g>
          )
        })}
        {[0, 5, 8, 10, 12].map((second) => (
          <text key={second} x={x(second)} y="22" className="middle quiet">
            {second} s
          </text>
        ))}
      </svg>
      <ol>
        <li>
          At 0 s, with the first key: Ada’s client takes a lease of 7 s. The reader gets the update that Ada types.
        </li>
        <li>At 5 s: the client renews the lease.</li>
        <li>At 8 s: the last key.</li>
        <li>At 10 s: the client renews it again.</li>
        <li>At 12 s, after 4 s without a key: the client releases it. The reader gets the update that nobody types.</li>
      </ol>
      <figcaption>
        Four packets from the typist: the lease, two renewals, the release. Two packets to the reader.
      </figcaption>
    </figure>
  )
}
