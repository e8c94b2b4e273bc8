import type { Socket } from 'socket.io'
import type { User } from '../../core/message/user.ts'
import type { Device } from '../model.ts'

/** All fields but the rare ones at once: a field that is added to an object later costs a table of its own. */
export const createDevice = (user: User, deliver: Device['deliver'], socket?: Socket): Device => ({
  user,
  deliver,
  socket,
  subscriptions: undefined,
  subscribing: undefined,
  revocations: 0,
  gone: false,
  identifiedAt: 0,
  lastActiveAt: 0,
})

/** Whether others see no difference between two users with the same id. */
export const looksTheSame = (one: User, other: User): boolean => one.name === other.name && one.avatar === other.avatar
