import { type ReactNode, useState } from 'react'
import { z } from 'zod'
import { useOnlineMessage } from '../../src/index.ts'

const Volume = z.object({ level: z.number().min(0).max(100) })

/** Whoever drags the slider moves the other one's too: at most ten messages a second, and the last one always arrives. */
export function SharedVolume({ with: user }: { with: string }): ReactNode {
  const [level, setLevel] = useState(50)
  const send = useOnlineMessage({
    conversation: { user },
    command: 'volume',
    schema: Volume,
    throttle: 100,
    onMessage: ({ data }) => setLevel(data.level),
  })
  const drag = (level: number) => {
    setLevel(level)
    void send({ level })
  }
  return (
    <label>
      Volume
      <input type="range" value={level} onChange={(event) => drag(event.target.valueAsNumber)} />
      <output>{level} %</output>
    </label>
  )
}
