import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { createEditor, Editor, Node, Transforms } from 'slate'
import { withHistory } from 'slate-history'
import { Editable, Slate, withReact } from 'slate-react'
import { useTypingInput } from '../../../src/index.ts'
import { type ComposerProps, REPLY } from './composer-props.ts'

const setText = (editor: Editor, text: string) =>
  Transforms.insertText(editor, text, { at: Editor.range(editor, []), voids: true })

export function SlateComposer({ user, draft = '', send, ignore }: ComposerProps): ReactNode {
  const { inputProps, stop } = useTypingInput({ user }, { ignore })
  const [editor] = useState(() => withHistory(withReact(createEditor())))

  const sendOnEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    stop()
    send(Node.string(editor))
    setText(editor, '')
  }

  return (
    <Slate editor={editor} initialValue={[{ children: [{ text: draft }] }]}>
      <Editable {...inputProps} aria-label="Message" placeholder="Type here" onKeyDown={sendOnEnter} />
      <button onClick={() => setText(editor, REPLY)}>Canned reply</button>
    </Slate>
  )
}
