const { createOnlineMessageClient } = require('react-online-message/core')
const { attachOnlineMessages } = require('react-online-message/server')
const { createSocketTransport } = require('react-online-message/socket.io')
const { Server } = require('socket.io')
const { io: connect } = require('socket.io-client')
const twoClientsType = require('./two-clients.cjs')

const createClient = (socket) => createOnlineMessageClient({ transport: createSocketTransport(socket) })
twoClientsType({ Server, connect, attachOnlineMessages, createClient }).catch((error) => {
  console.error(error)
  process.exit(1)
})
