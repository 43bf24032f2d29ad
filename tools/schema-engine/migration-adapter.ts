import { PrismaPg } from '@prisma/adapter-pg'
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils'

/** PostgreSQL's internal type "char", one byte, which its catalogue uses and adapter-pg does not know. */
const charOid = 18
const textOid = 25

/** What the adapter has besides its published interface. */
type Inside = SqlDriverAdapter & {
  performIO(query: SqlQuery): Promise<{ fields: { dataTypeID: number }[] }>
}

/** Connects the schema engine to one database. The engine may connect more than once; `close` ends all of it. */
export class MigrationAdapterFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = 'postgres'
  readonly adapterName = '@prisma/adapter-pg'
  readonly #factory: PrismaPg
  readonly #open = new Set<SqlDriverAdapter>()

  constructor(url: string) {
    this.#factory = new PrismaPg({ connectionString: url, max: 1 })
  }

  async connect(): Promise<SqlDriverAdapter> {
    const adapter = readCatalogue((await this.#factory.connect()) as unknown as Inside)
    this.#open.add(adapter)
    return adapter
  }

  /** Comparing a database with a schema needs none, and nothing else is done here. */
  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    throw new Error('unreachable: a shadow database was asked for')
  }

  async close(): Promise<void> {
    for (const adapter of this.#open) await adapter.dispose()
    this.#open.clear()
  }
}

/** Teaches the adapter the columns of type "char": read as text, but announced as characters, or the engine panics. */
function readCatalogue(adapter: Inside): SqlDriverAdapter {
  const performIO = adapter.performIO.bind(adapter)
  const queryRaw = adapter.queryRaw.bind(adapter)
  let characters: boolean[] = []
  // One at a time: `characters` belongs to the query that is under way.
  let last: Promise<unknown> = Promise.resolve()
  adapter.performIO = async (query) => {
    const result = await performIO(query)
    characters = result.fields.map(({ dataTypeID }) => dataTypeID === charOid)
    for (const field of result.fields) if (field.dataTypeID === charOid) field.dataTypeID = textOid
    return result
  }
  adapter.queryRaw = (query) => {
    const result = last.then(async () => {
      const rows = await queryRaw(query)
      const columnTypes = rows.columnTypes.map((type, index) =>
        characters[index] ? ColumnTypeEnum.Character : type,
      )
      return { ...rows, columnTypes }
    })
    last = result.catch(() => {})
    return result
  }
  return adapter
}
