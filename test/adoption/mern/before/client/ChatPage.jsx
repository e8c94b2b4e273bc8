import { useEffect, useState } from 'react'
import { io } from 'socket.io-client'
import { getChats } from './api.js'
import { ChatList } from './ChatList.jsx'
import { SingleChat } from './SingleChat.jsx'

export function ChatPage({ user }) {
  const [chats, setChats] = useState([])
  const [selectedChat, setSelectedChat] = useState(null)
  const [socket, setSocket] = useState(null)
  const [isConnected, setConnected] = useState(false)

  useEffect(() => {
    getChats(user).then(setChats)
  }, [user])

  useEffect(() => {
    const newSocket = io()
    newSocket.emit('setup', user)
    newSocket.on('connected', () => setConnected(true))
    setSocket(newSocket)
    return () => newSocket.disconnect()
  }, [user])

  return (
    <div className="page">
      <ChatList chats={chats} selectedChat={selectedChat} onSelect={setSelectedChat} />
      {selectedChat === null || !isConnected ? (
        <p className="hint">Choose a chat.</p>
      ) : (
        <SingleChat user={user} chat={selectedChat} socket={socket} />
      )}
    </div>
  )
}
