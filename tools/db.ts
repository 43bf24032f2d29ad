// npm run db -- check | new <name> | drift: keeps schema.prisma, the migrations and a database in step.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { root } from './bootstrap.mjs'
import { Halt, runTask } from './halt.mjs'
import { migrate } from './migrate.ts'
import { withThrowAwayPostgres } from './postgres/throw-away.ts'
import { compareWithSchema } from './schema-engine/compare.ts'

const migrations = path.join(root, 'prisma/migrations')

const usage = `npm run db -- check        do the migrations make what schema.prisma describes?
npm run db -- new <name>   write the migration that is missing
npm run db -- drift        is the database in DATABASE_URL what schema.prisma describes?`

await runTask(async () => {
  const [command, name] = process.argv.slice(2)
  if (command === 'check') return check()
  if (command === 'new') return writeMigration(name)
  if (command === 'drift') return findDrift(process.env.DATABASE_URL)
  throw new Halt(usage)
})

/** Whether the migrations, applied to an empty database, make what schema.prisma describes. */
async function check(): Promise<number> {
  const difference = await compareMigrated('summary')
  if (difference === '') {
    console.log('The migrations make what schema.prisma describes.')
    return 0
  }
  console.error(`schema.prisma and the migrations differ:\n${difference}`)
  console.error('npm run db -- new <name> writes the migration.')
  return 1
}

async function writeMigration(name: string | undefined): Promise<number> {
  if (name === undefined || !/^[a-z0-9_]+$/.test(name))
    throw new Halt('npm run db -- new <name>: a name of a-z, 0-9 and _.')
  const sql = await compareMigrated('sql')
  if (sql === '') throw new Halt('The migrations already make what schema.prisma describes.')
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const file = path.join(migrations, `${stamp}_${name}`, 'migration.sql')
  await mkdir(path.dirname(file))
  await writeFile(file, sql)
  console.log(`Wrote ${path.relative(root, file)}. Read it: it may drop what holds data.`)
  return 0
}

/** Whether somebody changed a live database by hand. */
async function findDrift(url: string | undefined): Promise<number> {
  if (url === undefined) throw new Halt('Set DATABASE_URL to the database to look at.')
  const difference = await compareWithSchema(url, 'summary')
  if (difference === '') {
    console.log('The database is what schema.prisma describes.')
    return 0
  }
  console.error(
    `To be what schema.prisma describes, the database would have to change:\n${difference}`,
  )
  return 1
}

function compareMigrated(as: 'sql' | 'summary'): Promise<string> {
  return withThrowAwayPostgres(
    async ({ url }) => {
      await migrate(url, migrations)
      return compareWithSchema(url, as)
    },
    // Nothing is kept, so nothing has to reach the disk.
    { fsync: 'off' },
  )
}
