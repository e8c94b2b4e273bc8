async function request(path, { token, body }) {
  const response = await fetch(`/api${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response.json()
}

export const logIn = (name) => request('/login', { body: { name } })
export const getChats = ({ token }) => request('/chats', { token })
export const getMessages = ({ token }, chat) => request(`/chats/${chat._id}/messages`, { token })
export const postMessage = ({ token }, chat, content) =>
  request(`/chats/${chat._id}/messages`, { token, body: { content } })
