// A socket may come from a file of the other module format: to TypeScript its class is another one.
import type { Socket as ImportedSocket } from 'socket.io-client' with { 'resolution-mode': 'import' }
import type { Socket as RequiredSocket } from 'socket.io-client' with { 'resolution-mode': 'require' }
import { createSocketTransport } from 'react-online-message/socket.io'

declare const imported: ImportedSocket
declare const required: RequiredSocket
// @ts-expect-error they are two classes
export const same: ImportedSocket = required

createSocketTransport(imported)
createSocketTransport(required)
// @ts-expect-error this is no socket
createSocketTransport({ connected: true })
