/**
 * Leaves out the texts that are written for people: what an error, a warning or `debug` says. A test that repeats them
 * would only say them twice. Every other string is changed, and a test has to notice.
 */
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

const forPeople = /(^|\.)(\w*Error|warn|error|debug|log)$/

const calleeName = ({ callee }) =>
  callee.type === 'MemberExpression' ? `${callee.object.name ?? ''}.${callee.property.name ?? ''}` : (callee.name ?? '')

const isForPeople = (path) =>
  (path.isCallExpression() || path.isNewExpression()) && forPeople.test(calleeName(path.node))

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'texts', {
    shouldIgnore(path) {
      const isText = path.isStringLiteral() || path.isTemplateLiteral()
      return isText && path.findParent(isForPeople) ? 'a text for people' : undefined
    },
  }),
]
