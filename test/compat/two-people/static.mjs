/** Serves what a bundler has made, and the two people. */
import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { serveTwoPeople } from './two-people.mjs'

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

const http = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  const file = join('dist', pathname === '/' ? 'index.html' : pathname)
  if (!existsSync(file)) {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
  createReadStream(file).pipe(response)
})
serveTwoPeople(http)
http.listen(process.env.PORT)
