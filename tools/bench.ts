// npm run bench [-- name]: answers one question of bench/ with a throw-away PostgreSQL, or lists the questions.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { root } from './bootstrap.mjs'
import { Halt, runTask } from './halt.mjs'
import { withThrowAwayPostgres } from './postgres/throw-away.ts'
import { runVisibly } from './run-program.ts'

await runTask(async () => {
  const [name, ...args] = process.argv.slice(2)
  const names = readdirSync(path.join(root, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.basename(file, '.ts'))
  if (name === undefined) {
    console.log(`npm run bench -- <name>, with one of: ${names.join(', ')}`)
    return 2
  }
  const file = path.join(root, 'bench', `${name}.ts`)
  if (!existsSync(file))
    throw new Halt(`There is no bench/${name}.ts. There are ${names.join(', ')}.`)
  return withThrowAwayPostgres(({ url }) =>
    runVisibly(file, args, { ...process.env, TEST_DATABASE_URL: url }),
  )
})
