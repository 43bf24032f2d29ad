// npm run gen [-- --check]: everything in the tree that a program writes. All of it is made in a folder beside the tree first;
// then it either replaces what is committed or, with --check, is compared with it.
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { root } from './bootstrap.mjs'
import { generateGraphqlTypes } from './gen/graphql-types.ts'
import { generatePrisma } from './gen/prisma.ts'
import { differences, publish } from './gen/publish.ts'
import { printSchemaTo } from './gen/schema.ts'
import { runTask } from './halt.mjs'

/** In the order in which one rests on the other. */
const products = [
  { path: 'server/src/generated', generate: generatePrisma },
  { path: 'schema.graphql', generate: printSchemaTo },
  { path: 'client-core/src/api/graphql-env.d.ts', generate: generateGraphqlTypes },
  { path: 'dashboard/src/lib/api/graphql-env.d.ts', generate: generateGraphqlTypes },
]

await runTask(async () => {
  const isCheck = process.argv.includes('--check')
  const workshop = await mkdtemp(path.join(os.tmpdir(), 'fastchat-gen-'))
  try {
    const stale: string[] = []
    for (const product of products) {
      const made = path.join(workshop, product.path)
      const committed = path.join(root, product.path)
      await product.generate(made, workshop)
      const changed = await differences(made, committed)
      if (changed.length > 0 && !isCheck) await publish(made, committed)
      stale.push(...changed.map((file) => path.join(product.path, file)))
    }
    return report(stale, isCheck)
  } finally {
    await rm(workshop, { recursive: true })
  }
})

function report(stale: readonly string[], isCheck: boolean): number {
  if (stale.length === 0) console.log('Generated files are up to date.')
  else if (isCheck) console.error(`Stale: ${stale.join(', ')}. Run "npm run gen" and commit them.`)
  else console.log(`Wrote ${stale.join(', ')}.`)
  return isCheck && stale.length > 0 ? 1 : 0
}
