// npm test [paths or node --test options]: everything, or the given files and folders, with one throw-away PostgreSQL.
import { existsSync, globSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { root } from './bootstrap.mjs'
import { Halt, runTask } from './halt.mjs'
import { withThrowAwayPostgres } from './postgres/throw-away.ts'
import { runVisibly } from './run-program.ts'

const folders = [
  ...['server', 'client-core', 'client-cli', 'client-web', 'dashboard'],
  ...['tests', 'tools'],
]

await runTask(async () => {
  const args = process.argv.slice(2)
  const options = args.filter((arg) => arg.startsWith('-'))
  const files = findTests(args.filter((arg) => !arg.startsWith('-')))
  return withThrowAwayPostgres(({ url }) => run([...options, ...files], url))
})

function findTests(paths: readonly string[]): string[] {
  const places = paths.length === 0 ? folders : paths
  const files = places.flatMap((place) => {
    if (!existsSync(path.resolve(root, place)))
      throw new Halt(paths.length === 0 ? `${place}/ is missing.` : `There is no ${place}.`)
    if (statSync(path.resolve(root, place)).isFile()) return [place]
    return globSync(`${place}/**/*.test.ts`, { cwd: root, exclude: ['**/node_modules/**'] })
  })
  if (files.length === 0) throw new Halt(`No *.test.ts in ${places.join(', ')}.`)
  return files.sort()
}

function run(args: readonly string[], databaseUrl: string): Promise<number> {
  const concurrency = Math.max(2, os.availableParallelism())
  return runVisibly('--test', [`--test-concurrency=${concurrency}`, ...args], {
    ...process.env,
    TEST_DATABASE_URL: databaseUrl,
  })
}
