import { LexicalComposer as Lexical } from '@lexical/react/LexicalComposer'
import { useLexicalComposerContext } from '@lexical/react/LexicalComposerContext'
import { ContentEditable } from '@lexical/react/LexicalContentEditable'
import { LexicalErrorBoundary } from '@lexical/react/LexicalErrorBoundary'
import { HistoryPlugin } from '@lexical/react/LexicalHistoryPlugin'
import { PlainTextPlugin } from '@lexical/react/LexicalPlainTextPlugin'
import { $createParagraphNode, $createTextNode, $getRoot, COMMAND_PRIORITY_LOW, KEY_ENTER_COMMAND } from 'lexical'
import { type ReactNode, useEffect } from 'react'
import { useTypingInput } from '../../../src/index.ts'
import { type ComposerProps, REPLY } from './composer-props.ts'

/** Call it where Lexical lets you change the editor: in `update`, in a command, or as the initial state. */
function $setText(text: string): void {
  const paragraph = $createParagraphNode().append($createTextNode(text))
  $getRoot().clear().append(paragraph)
}

const onError = (error: Error) => {
  throw error
}

export function LexicalComposer({ user, draft = '', send, ignore }: ComposerProps): ReactNode {
  const { inputProps, stop } = useTypingInput({ user }, { ignore })
  const sendAndEmpty = () => {
    stop()
    send($getRoot().getTextContent())
    $setText('')
    $getRoot().selectEnd()
  }

  return (
    <Lexical initialConfig={{ namespace: 'chat', editorState: () => $setText(draft), onError }}>
      <div className="lexical">
        <PlainTextPlugin
          contentEditable={
            <ContentEditable
              {...inputProps}
              aria-label="Message"
              aria-placeholder="Type here"
              placeholder={<span className="placeholder">Type here</span>}
            />
          }
          ErrorBoundary={LexicalErrorBoundary}
        />
      </div>
      <HistoryPlugin />
      <SendOnEnter send={sendAndEmpty} />
      <CannedReply />
    </Lexical>
  )
}

function SendOnEnter({ send }: { send: () => void }) {
  const [editor] = useLexicalComposerContext()
  useEffect(
    () =>
      editor.registerCommand(
        KEY_ENTER_COMMAND,
        (event) => {
          event?.preventDefault()
          send()
          return true
        },
        COMMAND_PRIORITY_LOW,
      ),
    [editor, send],
  )
  return null
}

function CannedReply() {
  const [editor] = useLexicalComposerContext()
  return <button onClick={() => editor.update(() => $setText(REPLY))}>Canned reply</button>
}
