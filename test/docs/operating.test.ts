/** docs/operating.md: the metrics are scraped after real traffic, and the alerts and the dashboard ask for nothing else. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { OnlineMessageServer } from '../../src/server/index.ts'
import { createMemoryEngine } from '../support/cluster/memory-engine.ts'
import { allQuiet, atEnd, closeAll, startServer } from '../support/server/harness.ts'
import { readPage } from './pages.ts'

const example = new URL('../../examples/operating/', import.meta.url)
const load = async <Exports>(file: string): Promise<Exports> => (await import(new URL(file, example).href)) as Exports
/** The packages of the example have an installation of their own. */
const require = createRequire(example)

type Stats = ReturnType<OnlineMessageServer['stats']>
interface Figure {
  readonly name: string
  readonly read: (stats: Stats) => number | Record<string, number> | undefined
}

const { figures } = await load<{ figures: readonly Figure[] }>('figures.mjs')
const { serveMetrics } = await load<{ serveMetrics(online: OnlineMessageServer, port: number): HttpServer }>(
  'prometheus.mjs',
)
const { observeStats } = await load<{ observeStats(online: OnlineMessageServer, meter: unknown): void }>(
  'open-telemetry.mjs',
)

interface PrometheusExporter {
  getMetricsRequestHandler(request: IncomingMessage, response: ServerResponse): void
}
const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus') as {
  PrometheusExporter: new (options: { preventServerStart: boolean }) => PrometheusExporter
}
const { MeterProvider } = require('@opentelemetry/sdk-metrics') as {
  MeterProvider: new (options: { readers: readonly PrometheusExporter[] }) => { getMeter(name: string): unknown }
}
const { parser: promQl } = require('@prometheus-io/lezer-promql') as {
  parser: { parse(text: string): { iterate(walk: { enter(node: SyntaxNode): void }): void } }
}
interface SyntaxNode {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly type: { readonly isError: boolean }
}
const yaml = require('yaml') as { parse(text: string): unknown }

afterEach(closeAll)

/** The samples of this library in Prometheus' text, by name and labels. */
function samplesIn(text: string): Record<string, number> {
  const samples = [...text.matchAll(/^(online_messages_\w+)(?:\{(.*)\})? (\S+)/gm)]
  return Object.fromEntries(
    samples.map(([, name = '', labels = '', value]) => {
      const own = labels.split(',').filter((label) => !label.startsWith('otel_scope'))
      return [`${name}{${own.join()}}`, Number(value)]
    }),
  )
}

async function scrape(server: HttpServer, path = '/metrics'): Promise<string> {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://localhost:${port}${path}`)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
  return response.text()
}

async function listening(server: HttpServer): Promise<HttpServer> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
  atEnd(() => new Promise((resolve) => server.close(resolve)))
  return server
}

/** Two nodes. On the first one Ann sends a message that reaches Bob, one that is forbidden, and types; Cy is on the second. */
async function startTraffic(): Promise<OnlineMessageServer> {
  const engine = createMemoryEngine()
  const start = () =>
    startServer({
      plugin: { bus: engine.connect().bus, authorize: ({ conversation }) => conversation.group === 'team' },
    })
  const [node, other] = await Promise.all([start(), start()])
  const [ann, bob, cy] = await Promise.all([node.connect('ann'), node.connect('bob'), other.connect('cy')])
  const group = { group: 'team' }
  for (const device of [bob, cy]) await device.hear(group)
  await ann.client.send(group, 'note', 'Hello')
  await cy.client.send(group, 'note', 'Hello')
  await ann.client.send({ group: 'secret' }, 'note', 'Hello')
  ann.client.typing(group).keystroke()
  await allQuiet(ann, bob, cy)
  return node.online
}

const expected = {
  'online_messages_connections{}': 2,
  'online_messages_subscriptions{}': 1,
  'online_messages_typing_leases{}': 1,
  'online_messages_received_total{}': 1,
  'online_messages_delivered_total{}': 2,
  'online_messages_typing_updates_total{}': 1,
  'online_messages_dropped_total{reason="forbidden"}': 1,
  'online_messages_dropped_total{reason="expired"}': 0,
  'online_messages_bus_nodes{}': 1,
  'online_messages_bus_pending{}': 0,
  'online_messages_bus_received_total{}': 1,
  'online_messages_bus_published_total{}': 1,
}

test('prometheus.mjs: after real traffic the endpoint has its numbers, again with each scrape', async () => {
  const online = await startTraffic()
  const server = await listening(serveMetrics(online, 0))
  const text = await scrape(server)
  expect(samplesIn(text)).toMatchObject(expected)
  expect(samplesIn(await scrape(server))).toEqual(samplesIn(text))
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds')
})

test('open-telemetry.mjs: exported to Prometheus, names and numbers are the same', async () => {
  const online = await startTraffic()
  const exporter = new PrometheusExporter({ preventServerStart: true })
  observeStats(online, new MeterProvider({ readers: [exporter] }).getMeter('react-online-message'))
  const telemetry = await listening(
    createServer((request, response) => exporter.getMetricsRequestHandler(request, response)).listen(0),
  )
  const prometheus = await listening(serveMetrics(online, 0))
  const samples = samplesIn(await scrape(telemetry))
  expect(samples).toMatchObject(expected)
  expect(samples).toEqual(samplesIn(await scrape(prometheus)))
})

test('a single node has no figures of a bus, so no alert about the bus sees a 0', async () => {
  const { online } = await startServer()
  const samples = samplesIn(await scrape(await listening(serveMetrics(online, 0))))
  expect(samples['online_messages_connections{}']).toBe(0)
  expect(Object.keys(samples).filter((name) => name.includes('_bus_'))).toEqual([])
})

test('every number of stats() is a metric', async () => {
  const stats = (await startTraffic()).stats()
  let next = 1000
  const numbered = (figure: unknown): unknown => {
    if (typeof figure === 'number') return next++
    return Object.fromEntries(Object.entries(figure as object).map(([name, value]) => [name, numbered(value)]))
  }
  const distinct = numbered(stats) as Stats
  const read = figures.flatMap((figure) => {
    const found = figure.read(distinct)
    return typeof found === 'object' ? Object.values(found) : [found]
  })
  expect(read.sort()).toEqual(Array.from({ length: next - 1000 }, (_, at) => 1000 + at))
})

test('docs/operating.md names every metric of this library', async () => {
  const { text } = readPage('docs/operating.md')
  const own = [...(await exportedNames())].filter((name) => name.startsWith('online_messages_'))
  expect(own.length).toBe(figures.length)
  expect(own.filter((name) => !text.includes(`\`${name}`))).toEqual([])
})

/** The metrics that a query asks for. The grammar is Prometheus' own: a mistake in it fails. */
function metricsOf(query: string): string[] {
  const names: string[] = []
  promQl.parse(query).iterate({
    enter({ name, from, to, type }) {
      expect(type.isError, `${query}: a mistake at ${from}`).toBe(false)
      if (name === 'Identifier' && /^(online|nodejs)_/.test(query.slice(from, to))) names.push(query.slice(from, to))
    },
  })
  return names
}

async function exportedNames(): Promise<ReadonlySet<string>> {
  const text = await scrape(await listening(serveMetrics(await startTraffic(), 0)))
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name))
}

test('alerts.yml asks for metrics that are exported, and docs/operating.md explains each alert', async () => {
  interface Rule {
    readonly alert: string
    readonly expr: string
  }
  const text = readFileSync(new URL('alerts.yml', example), 'utf8')
  const { groups } = yaml.parse(text) as { groups: readonly { rules: readonly Rule[] }[] }
  const rules = groups.flatMap((group) => group.rules)
  const exported = await exportedNames()
  const asked = rules.flatMap(({ expr }) => metricsOf(expr))
  expect(asked.length).toBeGreaterThan(rules.length)
  expect(asked.filter((name) => !exported.has(name))).toEqual([])

  const explained = [...readPage('docs/operating.md').text.matchAll(/^### (OnlineMessages\w+)$/gm)].map(
    ([, name]) => name,
  )
  expect(explained.sort()).toEqual(rules.map(({ alert }) => alert).sort())
})

test('grafana-dashboard.json shows every metric of this library, and none that is not exported', async () => {
  interface Dashboard {
    readonly panels: readonly { readonly type: string; readonly targets?: readonly { readonly expr: string }[] }[]
  }
  const { panels } = JSON.parse(readFileSync(new URL('grafana-dashboard.json', example), 'utf8')) as Dashboard
  const exported = await exportedNames()
  // Grafana puts its own values into these before it asks.
  const queries = panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '5m')),
  )
  const shown = new Set(queries.flatMap(metricsOf))
  expect([...shown].filter((name) => !exported.has(name))).toEqual([])
  const own = [...exported].filter((name) => name.startsWith('online_messages_'))
  expect(own.filter((name) => !shown.has(name))).toEqual([])
})
