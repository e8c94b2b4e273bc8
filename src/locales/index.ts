/** The words of the badge in other languages, each importable alone. */
export { english as en } from '../core/english.ts'
export { zhCN } from './zh-cn.ts'
