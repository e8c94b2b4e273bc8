import { firefoxLauncher } from '../support/engines/firefox.ts'
import { checkEngine } from './checks/check-engine.ts'

checkEngine('Firefox', firefoxLauncher)
