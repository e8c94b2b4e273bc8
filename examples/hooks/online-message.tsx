import { type ReactNode, useState } from 'react'
import { z } from 'zod'
import { useOnlineMessage } from '../../src/index.ts'

const Volume = z.object({ level: z.number().min(0).max(100) })

/** Two people share one volume slider. `throttle` sends at most ten values a second, and always the last one. */
export function SharedVolume({ user }: { user: string }): ReactNode {
  const [level, setLevel] = useState(50)

  const sendVolume = useOnlineMessage({
    conversation: { user },
    command: 'volume',
    schema: Volume,
    throttle: 100,
    onMessage: ({ data }) => setLevel(data.level),
  })

  const changeLevel = (newLevel: number) => {
    setLevel(newLevel)
    void sendVolume({ level: newLevel })
  }

  return (
    <label>
      Volume
      <input type="range" value={level} onChange={(event) => changeLevel(event.target.valueAsNumber)} />
      <output>{level} %</output>
    </label>
  )
}
