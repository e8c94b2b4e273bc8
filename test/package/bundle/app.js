/** An app that imports the package, with a library that requires it. */
import { TypingBadge } from 'react-online-message'
import { TypingBadge as requiredBadge } from './library.cjs'

export const isOneCopy = TypingBadge === requiredBadge
