/**
 * Tencent's real Web SDK without its network: `WebSocket` is replaced by one that leads to a stand-in for the service in
 * the same process. It speaks as much of the wire as login, online messages and their pushes need, read out of
 * `@tencentcloud/chat` 3.6.6. It proves what the SDK does; of the live service it proves nothing.
 */
import type { ChatSDK as RealChat } from '@tencentcloud/chat'
import { vi } from 'vitest'
import type { User } from '../../../src/core/index.ts'

/** The body of a message on its way up. */
export interface Uplink {
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

/** A message on its way down: to `to`, or to a group. */
export interface Downlink {
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
  /** Takes the network away. What is answered meanwhile is lost. */
  cut(): void
  /** Gives it back, and makes the SDK notice. */
  restore(): void
  /** Breaks the connection. The SDK may open another at once. */
  drop(): void
  login(): Promise<void>
  /** The service ends the login, as when the account logs in elsewhere. */
  kick(): void
}

export interface ChatService {
  /** What has come up, messages only. */
  readonly messages: readonly Uplink[]
  /** An instance that nobody is logged in to. */
  create(user: User): ChatDevice
  /** One that is ready. */
  join(user: User): Promise<ChatDevice>
  /** Delivers to every device of one user, several messages in one frame. */
  push(userId: string, ...messages: readonly Downlink[]): void
  /** What the next messages are answered with: an error code, 0, or nothing at all. */
  answerWith(code: number | 'nothing'): void
  /** Sets the service's clock against that of the machine, in milliseconds. */
  setClock(offset: number): void
  close(): Promise<void>
}

interface Frame {
  readonly head: { readonly servcmd: string; readonly seq: number }
  readonly body: Uplink
}

/** What is used of a WebSocket by the SDK. */
interface Line {
  onopen: ((event: object) => void) | null
  onmessage: ((event: { data: ArrayBuffer }) => void) | null
  onclose: ((event: { code: number; reason: string }) => void) | null
  onerror: ((event: object) => void) | null
}

interface Link {
  readonly user: User
  line: Line | undefined
  isCut: boolean
  isLoggedIn: boolean
  up(frame: Frame): void
}

const links = new Map<number, Link>()
/** The SDK has one instance per app id. */
let lastAppId = 1_400_000_000

const soon = (act: () => void) => setTimeout(act, 0)

const down = (link: Link, frame: object) => {
  const { line } = link
  const data = new TextEncoder().encode(JSON.stringify(frame)).buffer
  soon(() => {
    if (line && line === link.line) line.onmessage?.({ data })
  })
}

const drop = (link: Link) => {
  const { line } = link
  link.line = undefined
  link.isLoggedIn = false
  line?.onclose?.({ code: 1006, reason: '' })
}

class StandInWebSocket implements Line {
  onopen: Line['onopen'] = null
  onmessage: Line['onmessage'] = null
  onclose: Line['onclose'] = null
  onerror: Line['onerror'] = null
  readonly extensions = ''
  readonly #link: Link

  constructor(url: string) {
    const link = links.get(Number(new URL(url).searchParams.get('sdkappid')))!
    this.#link = link
    soon(() => {
      if (link.isCut) {
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
    soon(() => {
      if (link.line === this) link.up(frame)
    })
  }

  close() {
    if (this.#link.line === this) this.#link.line = undefined
  }
}

const isMessage = (command: string) => /\.(sendmsg|send_group_msg)$/.test(command)

/** It logs until it is told not to, which takes an instance. */
const hush = () => {
  const spies = (['log', 'info'] as const).map((method) => vi.spyOn(console, method).mockImplementation(() => {}))
  return () => {
    for (const spy of spies) spy.mockRestore()
  }
}

const sdk = async () => {
  vi.stubGlobal('WebSocket', StandInWebSocket)
  const unhush = hush()
  // As CommonJS it has no default export but its declarations say so.
  const { default: chat } = (await import('@tencentcloud/chat')) as unknown as {
    default: { create(options: { SDKAppID: number }): RealChat }
  }
  unhush()
  return chat
}
const { create } = await sdk()

/** @param groups of which everybody is a member. */
export function createChatService(groups: readonly string[] = ['team']): ChatService {
  const own = new Set<Link>()
  const messages: Uplink[] = []
  const users = new Map<string, User>()
  const ends: (() => Promise<unknown>)[] = []
  let answer: number | 'nothing' = 0
  let offset = 0
  let sequence = 0
  const seconds = () => Math.floor((Date.now() + offset) / 1000)

  const devices = (userId: string) => [...own].filter(({ user, isLoggedIn }) => user.id === userId && isLoggedIn)

  const wireMessage = ({ from, to, inGroup = false, type = 'TIMCustomElem', data, ...rest }: Downlink) => {
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
  const deliver = (to: Link, sent: readonly Downlink[]) => {
    const inGroup = sent[0]?.inGroup === true
    const array = sent.map(wireMessage)
    const event = inGroup ? { Event: 3, GroupMsgArray: array } : { Event: 9, C2cMsgArray: array }
    down(to, { head: { servcmd: 'im_open_push.msg_push' }, body: { EventArray: [event] } })
  }

  const receive = (from: Link, { From_Account, To_Account, GroupId, MsgClientTime, MsgBody, ...rest }: Uplink) => {
    const sent: Downlink = {
      from: From_Account,
      to: To_Account ?? GroupId!,
      inGroup: GroupId !== undefined,
      data: MsgBody[0]!.MsgContent.Data,
      clientTime: MsgClientTime,
      random: (rest as { MsgRandom?: number }).MsgRandom ?? (rest as { Random?: number }).Random ?? 0,
    }
    // The sender's own other devices get a copy.
    for (const link of own) {
      const isConcerned = sent.inGroup === true || [To_Account, From_Account].includes(link.user.id)
      if (link !== from && link.isLoggedIn && isConcerned) deliver(link, [sent])
    }
  }

  const up = (link: Link, { head, body }: Frame) => {
    const { servcmd } = head
    let code = 0
    if (isMessage(servcmd)) {
      messages.push(body)
      if (answer === 0 || answer === 'nothing') receive(link, body)
      if (answer === 'nothing') return
      code = answer
    }
    if (servcmd.endsWith('.wslogin')) link.isLoggedIn = true
    down(link, {
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
      const link: Link = { user, line: undefined, isCut: false, isLoggedIn: false, up: (frame) => up(link, frame) }
      const appId = ++lastAppId
      links.set(appId, link)
      own.add(link)
      const unhush = hush()
      const chat = create({ SDKAppID: appId })
      chat.setLogLevel(4)
      unhush()
      ends.push(async () => {
        link.isCut = false
        // It rejects when nobody is logged in, and takes everything down all the same.
        await chat.destroy().catch(() => {})
        links.delete(appId)
      })
      return {
        chat,
        cut() {
          link.isCut = true
          drop(link)
        },
        restore() {
          link.isCut = false
          // In a browser `online` events do it; any request of the app's does.
          chat.getMyProfile().catch(() => {})
        },
        drop: () => drop(link),
        async login() {
          const ready = new Promise<void>((resolve) => chat.on('sdkStateReady', () => resolve()))
          await chat.login({ userID: user.id, userSig: 'signature' })
          await ready
        },
        kick() {
          const notice = { KickoutMsgNotify: { KickType: 2, NewInstInfo: {} } }
          const body = { EventArray: [{ Event: 10, C2cNotifyMsgArray: [notice] }] }
          down(link, { head: { servcmd: 'im_open_push.msg_push' }, body })
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
      await Promise.all(ends.map((end) => end()))
    },
  }
  return service
}
