// npm run lint: the two linters, complaining about the whole tree or the given paths.
import { runTask } from './halt.mjs'
import { runVisibly } from './run-program.ts'

await runTask(async () => {
  const paths = process.argv.slice(2)
  const biome = await runVisibly('node_modules/@biomejs/biome/bin/biome', ['check', ...paths])
  const oxlint = await runVisibly('node_modules/oxlint/bin/oxlint', ['--type-aware', ...paths])
  return biome || oxlint
})
