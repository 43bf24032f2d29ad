// Prisma's schema engine as WebAssembly: the same comparison as `prisma migrate diff`, without the native engine that it would
// have to download.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { root } from '../bootstrap.mjs'
import { MigrationAdapterFactory } from './migration-adapter.ts'

const schemaFile = path.join(root, 'prisma/schema.prisma')
const engineModule = '@prisma/schema-engine-wasm/schema_engine_bg'

type Glue = typeof import('@prisma/schema-engine-wasm/schema_engine_bg') & {
  __wbg_set_wasm(exports: WebAssembly.Exports): void
}

/**
 * What has to change in the database for it to be what schema.prisma says: SQL, or a summary to read. Empty when nothing has to.
 */
export async function compareWithSchema(url: string, as: 'sql' | 'summary'): Promise<string> {
  const glue = await loadEngine()
  const files = [{ path: schemaFile, content: await readFile(schemaFile, 'utf8') }]
  const factory = new MigrationAdapterFactory(url)
  try {
    const engine = await glue.SchemaEngine.new(
      { datamodels: files.map((file) => [file.path, file.content]) },
      () => {},
      bindMigrationAwareSqlAdapterFactory(factory),
    )
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: root },
      to: { tag: 'schemaDatamodel', files },
      script: as === 'sql',
      exitCode: true,
      filters: { externalTables: await findPartitions(url), externalEnums: [] },
      shadowDatabaseUrl: null,
    } as Parameters<typeof engine.diff>[0])
    return exitCode === 0 ? '' : (stdout ?? '')
  } finally {
    await factory.close()
  }
}

async function loadEngine(): Promise<Glue> {
  const glue = (await import(engineModule)) as Glue
  // Without it a panic of the engine shows as a TypeError about this name.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message(message: string) {
        console.error(`The schema engine gave up: ${message}`)
      },
    },
  })
  const file = fileURLToPath(import.meta.resolve(engineModule)).replace(/\.js$/, '.wasm')
  const { instance } = await WebAssembly.instantiate(await readFile(file), {
    './schema_engine_bg.js': glue as unknown as WebAssembly.ModuleImports,
  })
  glue.__wbg_set_wasm(instance.exports)
  ;(instance.exports as { __wbindgen_start(): void }).__wbindgen_start()
  return glue
}

/** The message store is partitioned, which a Prisma schema cannot say: those tables belong to the migrations alone. */
async function findPartitions(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%s.%s', n.nspname, c.relname) AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE (c.relkind = 'p' OR c.relispartition) AND n.nspname = current_schema()`,
    )
    return rows.map(({ name }) => name)
  } finally {
    await client.end()
  }
}
