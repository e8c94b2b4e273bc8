import { UseGuards } from '@nestjs/common'
import {
  ConnectedSocket,
  MessageBody,
  OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets'
import { attachOnlineMessages, type OnlineMessageServer } from 'react-online-message/server'
import type { Server, Socket } from 'socket.io'
import { SignedInGuard } from './signed-in.guard'
import { UsersService } from './users.service'

@WebSocketGateway({ cors: { origin: 'http://localhost:5173' } })
export class ChatGateway implements OnGatewayInit {
  @WebSocketServer()
  private readonly io!: Server

  /** For `revoke`, `reidentify` and `stats`. */
  online!: OnlineMessageServer

  constructor(private readonly users: UsersService) {}

  /** Nest calls it with the server, after your adapter has been set and before the first connection. */
  afterInit(io: Server) {
    this.online = attachOnlineMessages(io, {
      identify: (socket) => this.users.userOf(socket),
      authorize: ({ user, conversation }) =>
        conversation.user !== undefined && this.users.areContacts(user.id, conversation.user),
    })
  }

  /** The app's own message, which it may store. Only typing and online messages are the library's. */
  @UseGuards(SignedInGuard)
  @SubscribeMessage('message')
  receive(@ConnectedSocket() socket: Socket, @MessageBody() text: string) {
    this.io.except(socket.id).emit('message', { from: this.users.userOf(socket)?.id, text })
  }
}
