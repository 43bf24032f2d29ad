// Prisma looks for its native engine before commands that never call it, and downloads it. Any existing file ends the search.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default {
  schema: '../../prisma/schema.prisma',
  migrations: { path: '../../prisma/migrations' },
}
