import { act } from '@testing-library/react-native'
import { type AppStateStatus, DeviceEventEmitter } from 'react-native'

/** What the system says when a person leaves the app, comes back, or is called. */
export const changeAppState = (state: AppStateStatus): Promise<void> =>
  act(async () => {
    DeviceEventEmitter.emit('appStateDidChange', { app_state: state })
  })
