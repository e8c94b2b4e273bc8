/** Who people are, and who may write where. Your own sessions and groups take the place of these. */
const userIdByToken = new Map([
  ['token-of-ann', 'ann'],
  ['token-of-bob', 'bob'],
])

export const identify = (socket) => userIdByToken.get(socket.handshake.auth.token) ?? null

export const authorize = ({ conversation }) => conversation.group === 'team'
