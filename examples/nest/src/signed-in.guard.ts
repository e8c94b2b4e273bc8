import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common'
import type { Socket } from 'socket.io'
import { UsersService } from './users.service'

/** Guards the app's own events. Nest asks no guard about online messages: `identify` and `authorize` do that. */
@Injectable()
export class SignedInGuard implements CanActivate {
  constructor(private readonly users: UsersService) {}

  canActivate(context: ExecutionContext): boolean {
    return this.users.userOf(context.switchToWs().getClient<Socket>()) !== null
  }
}
