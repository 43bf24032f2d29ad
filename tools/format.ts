// npm run format: formats, sorts imports and mends what can be mended without a thought, everywhere or in the given paths.
import { runTask } from './halt.mjs'
import { runVisibly } from './run-program.ts'

await runTask(() =>
  runVisibly('node_modules/@biomejs/biome/bin/biome', [
    'check',
    '--write',
    ...process.argv.slice(2),
  ]),
)
