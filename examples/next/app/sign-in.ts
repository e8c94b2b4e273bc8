'use server'

import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { findPerson, people } from '../people'
import { createSession, SESSION_COOKIE } from '../session'

/** Puts the session into a cookie, which the connection brings as well: `identify` in server.ts reads it. */
export async function signIn(form: FormData): Promise<void> {
  const person = findPerson(form.get('person'))
  if (!person) redirect('/')
  const jar = await cookies()
  jar.set(SESSION_COOKIE, createSession(person), { httpOnly: true, sameSite: 'strict' })
  const peer = people.find(({ id }) => id !== person.id)!
  redirect(`/chat/${peer.id}`)
}
