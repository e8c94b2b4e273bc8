/** Serves the site as a host of static files does. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

const types = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
}

function read(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** @returns where the site is: `{ url, close }`. `base` is the folder it was made for. */
export async function serve({ folder, base }) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://site').pathname))
    const file = join(folder, path.slice(base.length - 1), path.endsWith('/') ? 'index.html' : '')
    const body = path.startsWith(base) ? read(file) : undefined
    if (body === undefined) return response.writeHead(404).end()
    return response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}${base}`, close: () => server.close() }
}
