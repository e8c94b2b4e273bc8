import { createServer } from 'node:http'
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import { figures, samplesOf } from './figures.mjs'

/** The figures of one node for Prometheus, and those of Node itself: CPU, memory, the delay of the event loop. */
export function createRegistry(online) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const figure of figures) {
    // Without a bus, an alert about the bus must not see a 0.
    if (samplesOf(figure, online.stats()).length === 0) continue
    const Metric = figure.kind === 'counter' ? Counter : Gauge
    const ending = figure.kind === 'counter' ? '_total' : ''
    new Metric({
      name: `online_messages_${figure.name.replace('.', '_')}${ending}`,
      help: figure.help,
      labelNames: figure.label ? [figure.label] : [],
      registers: [registry],
      /**
       * Called with each scrape.
       *
       * @this {Counter | Gauge}
       */
      collect() {
        this.reset()
        for (const { labels, value } of samplesOf(figure, online.stats())) this.inc(labels, value)
      },
    })
  }
  return registry
}

/** Answers `GET /metrics`. It has a port of its own, so that you can keep the figures from the outside world. */
export function serveMetrics(online, port) {
  const registry = createRegistry(online)
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return response.writeHead(404).end()
    const text = await registry.metrics()
    response.writeHead(200, { 'content-type': registry.contentType }).end(text)
  })
  return server.listen(port)
}
