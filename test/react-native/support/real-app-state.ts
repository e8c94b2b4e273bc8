/** React Native's own AppState, in place of the one of its Jest preset, which never changes. Only the system is not real. */
jest.mock('react-native/Libraries/AppState/NativeAppState', () => ({
  __esModule: true,
  default: {
    getConstants: () => ({ initialAppState: 'active' }),
    getCurrentAppState() {},
    addListener() {},
    removeListeners() {},
  },
}))
jest.mock('react-native/Libraries/AppState/AppState', (): unknown =>
  jest.requireActual('react-native/Libraries/AppState/AppState'),
)
