/** SQLSTATE classes and codes that say "not now": connection lost, too many connections, shutting down, starting up. */
const notNow = /^(08...|53300|57P0[1-3])$/
const network: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  // Prisma's words for the same.
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
])
/** pg gives these no code. */
const messages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** True when the database could not be reached: the request was fine and can be tried again. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (network.has(code) || notNow.test(code) || messages.test(error.message)) return true
  return error.cause !== undefined && error.cause !== error && isDatabaseUnavailable(error.cause)
}
