/** An MQTT broker to try the bus with: `node broker.mjs 1883`. In production use one that you know: Mosquitto, EMQX, HiveMQ. */
import { createServer } from 'node:net'
import { Aedes } from 'aedes'

const broker = await Aedes.createBroker()
createServer(broker.handle).listen(Number(process.argv[2] ?? 1883), '127.0.0.1')
