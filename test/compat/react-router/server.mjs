import express from 'express'
import { createServer } from 'node:http'
import { createRequestHandler } from '@react-router/express'
import { serveTwoPeople } from './two-people.mjs'

const app = express()
app.use(express.static('build/client'))
app.use(createRequestHandler({ build: () => import('./build/server/index.js') }))
const http = createServer(app)
serveTwoPeople(http)
http.listen(process.env.PORT)
