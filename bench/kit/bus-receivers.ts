/** The receivers of `bench/bus.ts`: plain WebSockets that write the packets of PROTOCOL.md by hand, so that they cost little. */
import { WebSocket } from 'ws'
import { roomOf, type Target, type Way } from './bus-node.ts'
import { stamp } from './members.ts'
import { answerRequests } from './processes.ts'

export interface Receiver {
  /** The port of its node. */
  readonly port: number
  readonly way: Way
  readonly target: Target
}

/** What has arrived over one way since the last request. */
export interface Arrived {
  readonly messages: number
  /** From the moment in the message's `t=…` to its arrival, in milliseconds. */
  readonly latencies: readonly number[]
}

/** Runs in the process that the benchmark starts. */
export function runReceivers(): void {
  const latencies = new Map<Way, number[]>()
  let count = 0

  const connect = ({ port, way, target }: Receiver) =>
    new Promise<void>((resolve, reject) => {
      const url = `ws://127.0.0.1:${port}/${way}/?EIO=4&transport=websocket`
      const socket = new WebSocket(url, { perMessageDeflate: false })
      socket.on('error', reject)
      count++
      const user = 'user' in target ? target.user : `member-${String(count).padStart(4, '0')}`
      const conversation = 'user' in target ? { user: target.sender } : { group: target.group }
      const write = (type: string, event: readonly unknown[]) => socket.send(`${type}${JSON.stringify(event)}`)
      socket.on('message', (data: Buffer) => {
        const text = data.toString('latin1')
        if (text.startsWith('42')) {
          const at = text.indexOf('t=')
          if (at > 0) latencies.get(way)!.push((Number(stamp()) - Number(text.slice(at + 2, at + 14))) / 1000)
        } else if (text === '2') socket.send('3')
        else if (text.startsWith('0')) socket.send(`40${JSON.stringify({ user })}`)
        else if (text.startsWith('40')) {
          if (way === 'room') write('420', ['join', roomOf(target)])
          else write('420', ['om:hello', 1])
        } else if (text.startsWith('43')) {
          if (way !== 'room') write('42', ['om:subscribe', [conversation]])
          resolve()
        }
      })
    })

  answerRequests({
    async connect(receivers: readonly Receiver[]) {
      for (const { way } of receivers) if (!latencies.has(way)) latencies.set(way, [])
      await Promise.all(receivers.map(connect))
    },
    takeArrived(way: Way): Arrived {
      const arrived = latencies.get(way) ?? []
      latencies.set(way, [])
      return { messages: arrived.length, latencies: arrived }
    },
  })
}
