import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { root } from '../bootstrap.mjs'
import { Halt } from '../halt.mjs'
import { runProgram } from '../run-program.ts'

/** What gql.tada needs to type the client's documents. */
export async function generateGraphqlTypes(into: string, workshop: string): Promise<void> {
  await mkdir(path.dirname(into), { recursive: true })
  // The plugin's settings name the schema relative to themselves, and the schema to use is the one just printed.
  const config = path.join(workshop, 'tsconfig.json')
  const { compilerOptions } = JSON.parse(
    await readFile(path.join(root, 'tsconfig.json'), 'utf8'),
  ) as {
    compilerOptions: { plugins: object[] }
  }
  await writeFile(config, JSON.stringify({ compilerOptions: { plugins: compilerOptions.plugins } }))
  const tada = path.join(root, 'node_modules/gql.tada/bin/cli.js')
  const { code, output } = await runProgram(tada, ['generate-output', '-c', config, '-o', into])
  if (code !== 0) throw new Halt(`gql.tada could not read the schema.\n${output}`)
}
