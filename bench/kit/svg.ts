/** Draws bars and lines for RESULTS.md, readable on a light and on a dark background. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const WIDTH = 760
const COLOURS = ['#2f81f7', '#db6d28', '#8b949e', '#a371f7']

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)!};`)

function write(name: string, height: number, title: string, body: readonly string[]): void {
  const text = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}">
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.axis { stroke: #8b949e; stroke-width: 1; fill: none }
.grid { stroke: #8b949e; stroke-width: 0.5; stroke-dasharray: 2 4 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }
</style>
<text class="title" x="12" y="24">${escape(title)}</text>
${body.join('\n')}
</svg>
`
  // Benchmarks run in the root of the repository.
  writeFileSync(resolve('bench', `${name}.svg`), text)
}

export interface Bar {
  readonly label: string
  readonly value: number
  readonly ours?: boolean
}

/** Draws horizontal bars with their values. */
export function drawBars(name: string, title: string, axis: string, bars: readonly Bar[], decimals = 0): void {
  const left = 290
  const most = Math.max(...bars.map(({ value }) => value))
  const bottom = 44 + bars.length * 24
  write(name, bottom + 32, title, [
    ...bars.map(({ label, value, ours }, index) => {
      const y = 44 + index * 24
      const width = Math.max(1, ((WIDTH - left - 70) * value) / most)
      return [
        `<text x="${left - 10}" y="${y + 13}" text-anchor="end"${ours ? ' font-weight="600"' : ''}>${escape(label)}</text>`,
        `<rect x="${left}" y="${y}" width="${width.toFixed(1)}" height="17" rx="2" fill="${ours ? COLOURS[0]! : COLOURS[2]!}"/>`,
        `<text x="${(left + width + 7).toFixed(1)}" y="${y + 13}">${value.toFixed(decimals)}</text>`,
      ].join('')
    }),
    `<path class="axis" d="M${left} 38V${bottom}"/>`,
    `<text x="${left}" y="${bottom + 20}">${escape(axis)}</text>`,
  ])
}

export interface Line {
  readonly label: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** Draws lines on two axes that double from mark to mark: growth in proportion is a straight line of slope 1. */
export function drawLines(name: string, title: string, xAxis: string, yAxis: string, lines: readonly Line[]): void {
  const [left, right, top, bottom] = [64, WIDTH - 24, 84, 340]
  const points = lines.flatMap((line) => line.points)
  const range = (values: readonly number[]) =>
    [Math.floor(Math.log2(Math.min(...values))), Math.ceil(Math.log2(Math.max(...values)))] as const
  const [x0, x1] = range(points.map(([x]) => x))
  const [y0, y1] = range(points.map(([, y]) => y))
  const atX = (x: number) => left + ((right - left) * (Math.log2(x) - x0)) / (x1 - x0)
  const atY = (y: number) => bottom - ((bottom - top) * (Math.log2(y) - y0)) / (y1 - y0)
  const powers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => 2 ** (from + index))
  write(name, 390, title, [
    ...powers(x0, x1).map(
      (x) =>
        `<path class="grid" d="M${atX(x).toFixed(1)} ${top}V${bottom}"/><text x="${atX(x).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${x}</text>`,
    ),
    ...powers(y0, y1).map(
      (y) =>
        `<path class="grid" d="M${left} ${atY(y).toFixed(1)}H${right}"/><text x="${left - 8}" y="${(atY(y) + 4).toFixed(1)}" text-anchor="end">${y}</text>`,
    ),
    `<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>`,
    `<text x="${(left + right) / 2}" y="${bottom + 40}" text-anchor="middle">${escape(xAxis)}</text>`,
    `<text x="12" y="${top - 12}">${escape(yAxis)}</text>`,
    ...lines.map(({ label, points }, index) => {
      const colour = COLOURS[index % COLOURS.length]!
      const path = points.map(([x, y]) => `${atX(x).toFixed(1)} ${atY(y).toFixed(1)}`).join('L')
      const dots = points.map(
        ([x, y]) => `<circle cx="${atX(x).toFixed(1)}" cy="${atY(y).toFixed(1)}" r="3.5" fill="${colour}"/>`,
      )
      const legend = left + 20 + index * 330
      return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}<rect x="${legend}" y="40" width="14" height="4" fill="${colour}"/><text x="${legend + 20}" y="46">${escape(label)}</text>`
    }),
  ])
}

/** The slope of the line through the logarithms: 1 means growth in proportion, 0 means no growth. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (pick: 0 | 1) => logs.reduce((sum, log) => sum + log[pick], 0) / logs.length
  const [mx, my] = [mean(0), mean(1)]
  const above = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0)
  return above / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
}
