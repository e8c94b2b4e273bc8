import { chromiumLauncher } from '../support/engines/chromium.ts'
import { checkEngine } from './checks/check-engine.ts'

checkEngine('Chromium', chromiumLauncher)
