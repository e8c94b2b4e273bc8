/**
 * Online messages and typing indicators for React.
 */
export * from './core/index.ts'
export * from './react/index.ts'
