import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'

const visitorCookie = /(?:^|; )visitor=([\w-]{36})(?:;|$)/

/** The id of the visitor whose cookie this is. Nobody can guess the id of another one. */
export function visitorOf(cookie: string | undefined): string | undefined {
  return visitorCookie.exec(cookie ?? '')?.[1]
}

/** Gives a new visitor an id. An app with a login has a session here. */
export const nameVisitor: RequestHandler = (request, response, next) => {
  if (visitorOf(request.headers.cookie) === undefined) {
    response.cookie('visitor', randomUUID(), { httpOnly: true, sameSite: 'strict' })
  }
  next()
}
