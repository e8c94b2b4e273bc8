import { people } from '../people'
import { signIn } from './sign-in'

/** A server component: choosing a name is the whole login. */
export default function SignInPage() {
  return (
    <main className="sign-in">
      <h1>Who are you?</h1>
      <form action={signIn}>
        {people.map(({ id, name }) => (
          <button key={id} name="person" value={id}>
            {name}
          </button>
        ))}
      </form>
    </main>
  )
}
