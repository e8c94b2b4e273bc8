import { createServer } from 'node:http'
import next from 'next'
import { serveTwoPeople } from './two-people.mjs'

const app = next({ dev: false })
await app.prepare()
const handle = app.getRequestHandler()
const http = createServer((request, response) => void handle(request, response))
serveTwoPeople(http)
http.listen(process.env.PORT)
