import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { ensureInstalled, root } from '../bootstrap.mjs'
import { Halt } from '../halt.mjs'
import { runProgram } from '../run-program.ts'

const prismaFolder = path.join(root, 'tools/prisma')

/** The Prisma client and the Pothos types. Both land where schema.prisma says, relative to itself: beside its copy. */
export async function generatePrisma(_into: string, workshop: string): Promise<void> {
  await ensureInstalled(prismaFolder, 'the Prisma generator')
  const schema = path.join(workshop, 'prisma/schema.prisma')
  await mkdir(path.dirname(schema))
  await cp(path.join(root, 'prisma/schema.prisma'), schema)
  const prisma = path.join(prismaFolder, 'node_modules/prisma/build/index.js')
  const { code, output } = await runProgram(prisma, ['generate', '--schema', schema], {
    cwd: prismaFolder,
    env: { ...process.env, PATH: withRootPrograms(), CHECKPOINT_DISABLE: '1' },
  })
  if (code !== 0) throw new Halt(`Prisma could not generate its client.\n${output}`)
}

/** Prisma starts the Pothos generator by name, and that one is installed with the server. */
function withRootPrograms(): string {
  return path.join(root, 'node_modules/.bin') + path.delimiter + (process.env.PATH ?? '')
}
