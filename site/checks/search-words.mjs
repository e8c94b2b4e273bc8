/** What readers look for, and the page that has to be among the first three answers. */
export const pageOfQuestion = {
  style: 'docs/styling',
  secure: 'docs/security',
  test: 'docs/testing',
  'several nodes': 'docs/several-nodes',
  refused: 'docs/errors',
  Safari: 'docs/browsers',
  'React Native': 'docs/react-native',
  Jest: 'docs/loading',
}
