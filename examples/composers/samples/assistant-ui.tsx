import {
  AssistantRuntimeProvider,
  ComposerPrimitive,
  type ThreadMessage,
  useExternalStoreRuntime,
} from '@assistant-ui/react'
import { type ReactNode, useEffect } from 'react'
import { useTypingInput } from '../../../src/index.ts'
import { type ComposerProps, REPLY } from './composer-props.ts'

export function AssistantUiComposer({ user, draft = '', send, ignore }: ComposerProps): ReactNode {
  const { inputProps, stop } = useTypingInput({ user }, { ignore })
  const runtime = useExternalStoreRuntime<ThreadMessage>({
    messages: [],
    async onNew({ content: [part] }) {
      stop()
      if (part.type === 'text') send(part.text)
    },
  })
  useEffect(() => runtime.thread.composer.setText(draft), [runtime, draft])

  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <ComposerPrimitive.Root>
        <ComposerPrimitive.Input {...inputProps} aria-label="Message" placeholder="Type here" />
        <ComposerPrimitive.Send>Send</ComposerPrimitive.Send>
      </ComposerPrimitive.Root>
      <button onClick={() => runtime.thread.composer.setText(REPLY)}>Canned reply</button>
    </AssistantRuntimeProvider>
  )
}
