import { useEffect, useState } from 'react'
import { createOnlineMessageClient, OnlineMessageProvider } from 'react-online-message'
import { createSocketTransport } from 'react-online-message/socket.io'
import 'react-online-message/styles.css'
import { io } from 'socket.io-client'
import { getChats } from './api.js'
import { ChatList } from './ChatList.jsx'
import { SingleChat } from './SingleChat.jsx'

export function ChatPage({ user }) {
  const [chats, setChats] = useState([])
  const [selectedChat, setSelectedChat] = useState(null)
  const [socket, setSocket] = useState(null)
  const [client, setClient] = useState(null)
  const [isConnected, setConnected] = useState(false)

  useEffect(() => {
    getChats(user).then(setChats)
  }, [user])

  useEffect(() => {
    const newSocket = io()
    // Each connection begins without a user, also the one after a network drop.
    newSocket.on('connect', () => newSocket.emit('setup', user))
    newSocket.on('connected', () => setConnected(true))
    setSocket(newSocket)
    setClient(createOnlineMessageClient({ transport: createSocketTransport(newSocket) }))
    return () => newSocket.disconnect()
  }, [user])

  return (
    <div className="page">
      <ChatList chats={chats} selectedChat={selectedChat} onSelect={setSelectedChat} />
      {selectedChat === null || !isConnected ? (
        <p className="hint">Choose a chat.</p>
      ) : (
        <OnlineMessageProvider client={client}>
          <SingleChat user={user} chat={selectedChat} socket={socket} />
        </OnlineMessageProvider>
      )}
    </div>
  )
}
