import { webkitLauncher } from '../support/engines/webkit.ts'
import { checkEngine } from './checks/check-engine.ts'

checkEngine('WebKit', webkitLauncher)
