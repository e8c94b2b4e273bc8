import { type ReactElement, useEffect, useState } from 'react'
import { Button, FlatList, StyleSheet, Text, TextInput, View } from 'react-native'
import { TypingBadge, useOnlineMessageClient, useTypingInput } from 'react-online-message/react-native'
import type { Socket } from 'socket.io-client'

interface Message {
  readonly id: number
  readonly from: string
  readonly text: string
}

interface ChatProps {
  readonly socket: Socket
  /** The id of the other person. */
  readonly user: string
}

/** A chat with one person. */
export function Chat({ socket, user }: ChatProps): ReactElement {
  const client = useOnlineMessageClient()
  const { inputProps, stop } = useTypingInput({ user })
  const [text, setText] = useState('')
  const [messages, setMessages] = useState<readonly Message[]>([])

  useEffect(() => {
    const receiveMessage = (message: Message) => {
      // When a message arrives, its author is no longer shown as typing.
      if (message.from === user) client.clearTypist({ user }, user)
      setMessages((before) => [...before, message])
    }
    socket.on('message', receiveMessage)
    return () => {
      socket.off('message', receiveMessage)
    }
  }, [client, socket, user])

  const send = () => {
    if (text.trim() === '') return
    // Stop before you send: then typing ends before the message arrives.
    stop()
    socket.emit('message', text)
    setText('')
  }

  return (
    <View style={styles.chat}>
      <FlatList
        data={messages}
        keyExtractor={({ id }) => String(id)}
        renderItem={({ item }) => <Text style={styles.message}>{item.text}</Text>}
      />
      <TypingBadge conversation={{ user }} />
      <View style={styles.composer}>
        <TextInput
          {...inputProps}
          accessibilityLabel="Message"
          value={text}
          onChangeText={setText}
          onSubmitEditing={send}
          submitBehavior="submit"
          style={styles.input}
        />
        <Button title="Send" onPress={send} />
      </View>
    </View>
  )
}

const styles = StyleSheet.create({
  chat: { flex: 1, padding: 16, gap: 8 },
  message: { fontSize: 16, paddingVertical: 4 },
  composer: { flexDirection: 'row', alignItems: 'center', gap: 8 },
  input: { flex: 1, fontSize: 16, borderWidth: 1, borderColor: '#999', borderRadius: 8, padding: 8 },
})
