import type { ReactNode } from 'react'
import { useForm } from 'react-hook-form'
import { useTypingInput } from '../../../src/index.ts'
import { type ComposerProps, REPLY } from './composer-props.ts'

export function ReactHookFormComposer({ user, draft = '', send, ignore }: ComposerProps): ReactNode {
  const { inputProps, stop } = useTypingInput({ user }, { ignore })
  const { register, handleSubmit, reset, setValue } = useForm({ defaultValues: { message: draft } })

  const submit = handleSubmit(({ message }) => {
    stop()
    send(message)
    reset({ message: '' })
  })

  return (
    <form onSubmit={(event) => void submit(event)}>
      <input {...register('message')} {...inputProps} aria-label="Message" placeholder="Type here" autoComplete="off" />
      <button type="button" onClick={() => setValue('message', REPLY)}>
        Canned reply
      </button>
    </form>
  )
}
