import { figures, samplesOf } from './figures.mjs'

/** Gives the figures of one node to a meter of OpenTelemetry, whenever its exporter asks. */
export function observeStats(online, meter) {
  const observed = figures.map((figure) => ({ figure, instrument: createInstrument(meter, figure) }))
  const instruments = observed.map(({ instrument }) => instrument)
  meter.addBatchObservableCallback((result) => {
    const stats = online.stats()
    for (const { figure, instrument } of observed) {
      for (const { labels, value } of samplesOf(figure, stats)) result.observe(instrument, value, labels)
    }
  }, instruments)
}

/** An exporter to Prometheus makes `online_messages_bus_nodes` of `online_messages.bus.nodes`, and adds `_total` to a counter. */
function createInstrument(meter, { name, help, kind }) {
  const options = { description: help }
  if (kind === 'counter') return meter.createObservableCounter(`online_messages.${name}`, options)
  return meter.createObservableGauge(`online_messages.${name}`, options)
}
