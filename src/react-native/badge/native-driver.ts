import { Platform } from 'react-native'

/** Whether animations run beside JavaScript, which react-native-web cannot. */
export const USE_NATIVE_DRIVER: boolean = Platform.OS !== 'web'
