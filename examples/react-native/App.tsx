import type { ReactElement } from 'react'
import { SafeAreaView } from 'react-native'
import { OnlineMessageProvider } from 'react-online-message/react-native'
import { Chat } from './Chat'
import { client, socket } from './socket'

export const App = (): ReactElement => (
  <OnlineMessageProvider client={client}>
    <SafeAreaView style={{ flex: 1 }}>
      <Chat socket={socket} user="bob" />
    </SafeAreaView>
  </OnlineMessageProvider>
)
