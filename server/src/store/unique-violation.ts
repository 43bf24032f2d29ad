import { Prisma } from '../generated/prisma/client.ts'

/** True if a row was refused because another one has its unique value. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
}
