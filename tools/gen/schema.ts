import { writeFile } from 'node:fs/promises'
import { lexicographicSortSchema, printSchema } from 'graphql'

/** The contract, sorted, so that moving code does not change it. */
export async function printSchemaTo(file: string): Promise<void> {
  // Imported late: it rests on files that this run may just have replaced.
  const { schema } = await import('../../server/src/schema/index.ts')
  await writeFile(file, `${printSchema(lexicographicSortSchema(schema))}\n`)
}
