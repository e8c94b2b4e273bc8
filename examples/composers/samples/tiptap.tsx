import { Placeholder } from '@tiptap/extension-placeholder'
import { EditorContent, Extension, useEditor } from '@tiptap/react'
import { StarterKit } from '@tiptap/starter-kit'
import type { ReactNode } from 'react'
import { useTypingInput } from '../../../src/index.ts'
import { type ComposerProps, REPLY } from './composer-props.ts'

const sendOnEnter = (send: (text: string) => void) =>
  Extension.create({
    name: 'sendOnEnter',
    addKeyboardShortcuts: () => ({
      Enter({ editor }) {
        send(editor.getText())
        return editor.commands.clearContent()
      },
    }),
  })

export function TiptapComposer({ user, draft = '', send, ignore }: ComposerProps): ReactNode {
  const { inputProps, stop } = useTypingInput({ user }, { ignore })
  const stopAndSend = (text: string) => {
    stop()
    send(text)
  }
  const editor = useEditor({
    extensions: [StarterKit, Placeholder.configure({ placeholder: 'Type here' }), sendOnEnter(stopAndSend)],
    content: draft,
    editorProps: { attributes: { 'aria-label': 'Message' } },
  })

  return (
    <>
      <EditorContent {...inputProps} editor={editor} />
      <button onClick={() => editor.commands.setContent(REPLY)}>Canned reply</button>
    </>
  )
}
