import { Module } from '@nestjs/common'
import { ChatGateway } from './chat.gateway'
import { SignedInGuard } from './signed-in.guard'
import { UsersService } from './users.service'

@Module({ providers: [ChatGateway, SignedInGuard, UsersService] })
export class AppModule {}
