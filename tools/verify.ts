// npm run verify: the checks, then the tests. What is green here is green for whoever builds the project after a push.
import path from 'node:path'
import { root } from './bootstrap.mjs'
import { runTask } from './halt.mjs'
import { runVisibly } from './run-program.ts'

await runTask(async () => {
  for (const task of ['check', 'test']) {
    const code = await runVisibly(path.join(root, 'tools', `${task}.ts`))
    if (code !== 0) return code
  }
  return 0
})
