/** What Tencent's UI kits and documents send when somebody starts and stops typing: `payload.data` of a custom message. */
const START =
  '{"businessID":"user_typing_status","typingStatus":1,"version":1,"userAction":14,"actionParam":"EIMAMSG_InputStatus_Ing"}'
const end = (fields: object) =>
  JSON.stringify({ businessID: 'user_typing_status', version: 1, ...fields, actionParam: 'EIMAMSG_InputStatus_End' })

export interface Kit {
  readonly name: string
  readonly start: string
  readonly end: string
}

/** The oldest demo apps, before there were kits: without a `businessID`. */
export const OLDEST_DEMO: Kit = {
  name: 'oldest demo',
  start: '{"version":1,"userAction":14,"actionParam":"EIMAMSG_InputStatus_Ing"}',
  end: '{"version":1,"userAction":0,"actionParam":"EIMAMSG_InputStatus_End"}',
}

export const KITS: readonly Kit[] = [
  { name: 'web', start: START, end: end({ typingStatus: 0, userAction: 0 }) },
  { name: 'React', start: START, end: end({ typingStatus: 0, userAction: 0 }) },
  { name: 'Android', start: START, end: end({ typingStatus: 0, userAction: 0 }) },
  { name: 'iOS', start: START, end: end({ typingStatus: 0, userAction: 14 }) },
  {
    name: 'Flutter',
    start: START.replace('"version":1', '"version":0'),
    end: end({ version: 0, typingStatus: 0, userAction: 14 }),
  },
  { name: 'WeChat', start: START, end: end({ typingStatus: 1, userAction: 0 }) },
]

/** The forms in the documents, which have no end. */
export const DOCUMENTS: readonly (readonly [name: string, start: string])[] = [
  ["an Android app from the documents' sample", '{"command":"textInput"}'],
  // NSJSONSerialization writes it with spaces and lines.
  ["an iOS app from the documents' sample", '{\n  "command" : "textInput"\n}'],
  ["a Flutter app from the documents' sample", '正在输入中'],
  ["a Unity app from the documents' sample", 'Typing...'],
]

/** Whether Tencent's own web and React kits take it for a start: one of the two fields is enough for them. */
export function readsAsStart(data: string): boolean {
  const { typingStatus, userAction } = JSON.parse(data) as { typingStatus: number; userAction: number }
  return typingStatus === 1 || userAction === 14
}
