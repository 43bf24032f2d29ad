/** True if a row was refused because another one has its unique value: in Prisma's words, or in PostgreSQL's. */
export function isUniqueViolation(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'P2002' || error.code === '23505')
  )
}
