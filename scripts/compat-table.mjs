/** Writes docs/compatibility.md. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format } from 'oxfmt'

const file = fileURLToPath(new URL('../docs/compatibility.md', import.meta.url))

export async function writeTable({ results, chromiumVersion, nodeVersion }) {
  const rowOf = ({ name, version, works, seconds }) =>
    `| ${name} | ${version} | ${works ? 'works' : 'does not work'} | ${seconds} |`
  const page = `# Compatibility

<!-- Written by \`npm run compat\`. -->

\`npm run compat\` installs the package, as npm would publish it, into a small project for each row, builds the project and
runs it. A row of a bundler or a framework works when two people open its page in a real Chromium, each sees on the badge that the other
one types and stops, and nothing is reported as an error on the console. A row of a server works when two clients type to each other
over it. The projects are in [test/compat](../test/compat), their versions in [rows.mjs](../test/compat/rows.mjs).

Tried with Chromium ${chromiumVersion}; where the row does not say otherwise, with Node ${nodeVersion}. How each tool loads the package is in
[How the package is loaded](loading.md), and what to write where in [Frameworks](frameworks.md). The rows with 0 seconds are part of
\`node scripts/check-package.mjs\`, which runs before all others.

| what | version | result | seconds |
| --- | --- | --- | --- |
${results.map(rowOf).join('\n')}
`
  const { code } = await format('compatibility.md', page)
  writeFileSync(file, code)
}
