/**
 * Leaves out the texts that are written for people: what an error, a warning or `debug` says, and what a case of a
 * contract expects. A test that repeats them would only say them twice. Every other string is changed, and a test has to notice.
 */

const forPeople = /(^|\.)(\w*Error|warn|error|debug|log|assert|waitUntil)$/

const calleeName = ({ callee }) =>
  callee.type === 'MemberExpression' ? `${callee.object.name ?? ''}.${callee.property.name ?? ''}` : (callee.name ?? '')

const isForPeople = (path) =>
  (path.isCallExpression() || path.isNewExpression()) && forPeople.test(calleeName(path.node))

const isText = (path) => path.isStringLiteral() || path.isTemplateLiteral()

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'texts',
    value: {
      shouldIgnore: (path) => (isText(path) && path.findParent(isForPeople) ? 'a text for people' : undefined),
    },
  },
]
