/**
 * Tencent's real Web SDK without its network: its `WebSocket` leads to a replacement for the service in this process,
 * which speaks as much of the protocol as login, online messages and their pushes need, read from the code of
 * `@tencentcloud/chat` 3.6.6. It proves what the SDK does, and nothing about the live service.
 */
import type { ChatSDK as RealChat } from '@tencentcloud/chat'
import { vi } from 'vitest'
import type { User } from '../../../src/core/index.ts'

/** The body of a message from a client to the service. */
export interface UploadedMessage {
  readonly From_Account: string
  readonly To_Account?: string
  readonly GroupId?: string
  readonly MsgPriority?: string
  readonly MsgLifeTime?: number
  readonly OnlineOnlyFlag?: number
  readonly OfflinePushInfo: { readonly PushFlag: number }
  readonly MsgClientTime: number
  readonly MsgBody: readonly { readonly MsgType: string; readonly MsgContent: { readonly Data: string } }[]
}

/** A message from the service to a client: to the user `to`, or to a group. */
export interface PushedMessage {
  readonly from: string
  readonly to: string
  readonly inGroup?: boolean
  readonly type?: string
  readonly data: unknown
  /** Seconds since 1970. */
  readonly time?: number
  readonly clientTime?: number
  readonly random?: number
}

/** One instance of the SDK. */
export interface ChatDevice {
  readonly chat: RealChat
  /** Takes the network away. What the service answers meanwhile is lost. */
  disconnect(): void
  /** Brings the network back, and makes the SDK notice. */
  reconnect(): void
  /** Breaks the connection. The SDK may open another one at once. */
  breakConnection(): void
  login(): Promise<void>
  /** The service ends the login, as when the account logs in elsewhere. */
  kickOut(): void
}

export interface ChatService {
  /** The messages that clients have sent. */
  readonly messages: readonly UploadedMessage[]
  /** An instance without a login. */
  create(user: User): ChatDevice
  /** An instance that is logged in and ready. */
  join(user: User): Promise<ChatDevice>
  /** Pushes messages to every device of one user, in one frame. */
  push(userId: string, ...messages: readonly PushedMessage[]): void
  /** What the service answers to the next messages: an error code, 0, or nothing at all. */
  answerWith(code: number | 'nothing'): void
  /** Moves the service's clock against the one of the machine, in milliseconds. */
  setClock(offset: number): void
  close(): Promise<void>
}

interface Frame {
  readonly head: { readonly servcmd: string; readonly seq: number }
  readonly body: UploadedMessage
}

/** The part of a WebSocket that the SDK uses. */
interface Line {
  onopen: ((event: object) => void) | null
  onmessage: ((event: { data: ArrayBuffer }) => void) | null
  onclose: ((event: { code: number; reason: string }) => void) | null
  onerror: ((event: object) => void) | null
}

interface Link {
  readonly user: User
  line: Line | undefined
  isDisconnected: boolean
  isLoggedIn: boolean
  receiveFrame(frame: Frame): void
}

const links = new Map<number, Link>()
/** The SDK has one instance per app id. */
let lastAppId = 1_400_000_000

const later = (act: () => void) => setTimeout(act, 0)

const pushFrame = (link: Link, frame: object) => {
  const { line } = link
  const data = new TextEncoder().encode(JSON.stringify(frame)).buffer
  later(() => {
    if (line && line === link.line) line.onmessage?.({ data })
  })
}

const closeLine = (link: Link) => {
  const { line } = link
  link.line = undefined
  link.isLoggedIn = false
  line?.onclose?.({ code: 1006, reason: '' })
}

class FakeWebSocket implements Line {
  onopen: Line['onopen'] = null
  onmessage: Line['onmessage'] = null
  onclose: Line['onclose'] = null
  onerror: Line['onerror'] = null
  readonly extensions = ''
  readonly #link: Link

  constructor(url: string) {
    const link = links.get(Number(new URL(url).searchParams.get('sdkappid')))!
    this.#link = link
    later(() => {
      if (link.isDisconnected) {
        this.onerror?.({})
        this.onclose?.({ code: 1006, reason: '' })
      } else {
        link.line = this
        this.onopen?.({})
      }
    })
  }

  send(bytes: Uint8Array) {
    const frame = JSON.parse(new TextDecoder().decode(bytes)) as Frame
    const link = this.#link
    later(() => {
      if (link.line === this) link.receiveFrame(frame)
    })
  }

  close() {
    if (this.#link.line === this) this.#link.line = undefined
  }
}

const isMessage = (command: string) => /\.(sendmsg|send_group_msg)$/.test(command)

/** The SDK logs until an instance of it is told not to. */
const silenceLogs = () => {
  const spies = (['log', 'info'] as const).map((method) => vi.spyOn(console, method).mockImplementation(() => {}))
  return () => {
    for (const spy of spies) spy.mockRestore()
  }
}

const replaceWebSocket = () => vi.stubGlobal('WebSocket', FakeWebSocket)

const loadSDK = async () => {
  replaceWebSocket()
  const restoreLogs = silenceLogs()
  // As CommonJS it has no default export, though its declarations have one.
  const { default: chat } = (await import('@tencentcloud/chat')) as unknown as {
    default: { create(options: { SDKAppID: number }): RealChat }
  }
  restoreLogs()
  return chat
}
const { create } = await loadSDK()

/** @param groups of which everybody is a member. */
export function createChatService(groups: readonly string[] = ['team']): ChatService {
  // Anew, since the end of a test file takes it away.
  replaceWebSocket()
  const connectedLinks = new Set<Link>()
  const messages: UploadedMessage[] = []
  const users = new Map<string, User>()
  const cleanups: (() => Promise<unknown>)[] = []
  let answer: number | 'nothing' = 0
  let offset = 0
  let sequence = 0
  const seconds = () => Math.floor((Date.now() + offset) / 1000)

  const devices = (userId: string) =>
    [...connectedLinks].filter(({ user, isLoggedIn }) => user.id === userId && isLoggedIn)

  const wireMessage = ({ from, to, inGroup = false, type = 'TIMCustomElem', data, ...rest }: PushedMessage) => {
    const { name = '', avatar = '' } = users.get(from) ?? { id: from }
    const profile = { From_AccountNick: name, From_AccountHeadurl: avatar }
    const { time = seconds(), clientTime = time, random = ++sequence } = rest
    return {
      From_Account: from,
      ...(inGroup
        ? { ToGroupId: to, OnlineOnlyFlag: 1, GroupInfo: { GroupId: to, GroupType: 'Public', ...profile } }
        : { To_Account: to, MsgLifeTime: 0, ...profile }),
      MsgSeq: ++sequence,
      MsgRandom: random,
      MsgTimeStamp: time,
      MsgClientTime: clientTime,
      TinyId: `1${from.length}`,
      MsgBody: [{ MsgType: type, MsgContent: type === 'TIMTextElem' ? { Text: data } : { Data: data } }],
    }
  }
  const deliver = (to: Link, sent: readonly PushedMessage[]) => {
    const inGroup = sent[0]?.inGroup === true
    const array = sent.map(wireMessage)
    const event = inGroup ? { Event: 3, GroupMsgArray: array } : { Event: 9, C2cMsgArray: array }
    pushFrame(to, { head: { servcmd: 'im_open_push.msg_push' }, body: { EventArray: [event] } })
  }

  const receive = (
    from: Link,
    { From_Account, To_Account, GroupId, MsgClientTime, MsgBody, ...rest }: UploadedMessage,
  ) => {
    const sent: PushedMessage = {
      from: From_Account,
      to: To_Account ?? GroupId!,
      inGroup: GroupId !== undefined,
      data: MsgBody[0]!.MsgContent.Data,
      clientTime: MsgClientTime,
      random: (rest as { MsgRandom?: number }).MsgRandom ?? (rest as { Random?: number }).Random ?? 0,
    }
    // The other devices of the sender get a copy.
    for (const link of connectedLinks) {
      const isConcerned = sent.inGroup === true || [To_Account, From_Account].includes(link.user.id)
      if (link !== from && link.isLoggedIn && isConcerned) deliver(link, [sent])
    }
  }

  const receiveFrame = (link: Link, { head, body }: Frame) => {
    const { servcmd } = head
    let code = 0
    if (isMessage(servcmd)) {
      messages.push(body)
      if (answer === 0 || answer === 'nothing') receive(link, body)
      if (answer === 'nothing') return
      code = answer
    }
    if (servcmd.endsWith('.wslogin')) link.isLoggedIn = true
    pushFrame(link, {
      head,
      body: {
        ErrorCode: code,
        // Of a login.
        A2Key: 'key',
        TinyId: `1${link.user.id.length}`,
        InstId: 1,
        HelloInterval: 120,
        TimeStamp: seconds(),
        // Of lists: this is all.
        CompleteFlag: 1,
        StartIndex: 0,
        TotalCount: groups.length,
        GroupIdList: groups.map((id) => ({ GroupId: id, Type: 'Public', Name: id })),
        // Of a message.
        MsgTime: seconds(),
        MsgSeq: ++sequence,
      },
    })
  }

  const service: ChatService = {
    messages,
    create(user) {
      users.set(user.id, user)
      const link: Link = {
        user,
        line: undefined,
        isDisconnected: false,
        isLoggedIn: false,
        receiveFrame: (frame) => receiveFrame(link, frame),
      }
      const appId = ++lastAppId
      links.set(appId, link)
      connectedLinks.add(link)
      const restoreLogs = silenceLogs()
      const chat = create({ SDKAppID: appId })
      chat.setLogLevel(4)
      restoreLogs()
      cleanups.push(async () => {
        link.isDisconnected = false
        // It rejects without a login, and closes everything all the same.
        await chat.destroy().catch(() => {})
        links.delete(appId)
      })
      return {
        chat,
        disconnect() {
          link.isDisconnected = true
          closeLine(link)
        },
        reconnect() {
          link.isDisconnected = false
          // In a browser an `online` event makes the SDK notice. So does any request of the app's.
          chat.getMyProfile().catch(() => {})
        },
        breakConnection: () => closeLine(link),
        async login() {
          const ready = new Promise<void>((resolve) => chat.on('sdkStateReady', () => resolve()))
          await chat.login({ userID: user.id, userSig: 'signature' })
          await ready
        },
        kickOut() {
          const notice = { KickoutMsgNotify: { KickType: 2, NewInstInfo: {} } }
          const body = { EventArray: [{ Event: 10, C2cNotifyMsgArray: [notice] }] }
          pushFrame(link, { head: { servcmd: 'im_open_push.msg_push' }, body })
        },
      }
    },
    async join(user) {
      const device = service.create(user)
      await device.login()
      return device
    },
    push(userId, ...sent) {
      for (const link of devices(userId)) deliver(link, sent)
    },
    answerWith(code) {
      answer = code
    },
    setClock(ms) {
      offset = ms
    },
    async close() {
      answer = 0
      await Promise.all(cleanups.map((cleanUp) => cleanUp()))
    },
  }
  return service
}
