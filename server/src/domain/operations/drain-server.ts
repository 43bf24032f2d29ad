import { staleAfterMs } from '../balancing/rank-servers.ts'
import type { Deps } from '../deps.ts'
import { ConflictError, NotFoundError } from '../errors.ts'
import type { ServerOperations } from './operations.ts'
import type { Operator } from './operator.ts'

/** Asks a server to send its clients elsewhere. It obeys within a second, and stays up until it is resumed or stopped. */
export async function drainServer(
  deps: Deps,
  operator: Operator,
  input: { readonly serverId: number; readonly reason: string | null },
): Promise<ServerOperations> {
  if (await isTheLastThatAnswers(deps, input.serverId)) throw lastServer()
  const answer = await deps.store.drainOrders.orderDrain({
    serverId: input.serverId,
    operator: operator.name,
    reason: input.reason?.trim() || null,
    freshWithinMs: staleAfterMs,
  })
  if (answer === 'not-there') throw noSuchServer()
  if (answer === 'last-one') throw lastServer()
  return find(deps, input.serverId)
}

/** Takes clients again. */
export async function resumeServer(
  deps: Deps,
  operator: Operator,
  input: { readonly serverId: number },
): Promise<ServerOperations> {
  const answer = await deps.store.drainOrders.orderResume({
    serverId: input.serverId,
    operator: operator.name,
  })
  if (answer === 'not-there') throw noSuchServer()
  return find(deps, input.serverId)
}

async function find({ desk }: Deps, serverId: number): Promise<ServerOperations> {
  const { servers } = await desk.lookAgain()
  const server = servers.find(({ id }) => id === serverId)
  if (server === undefined) throw noSuchServer()
  return server
}

/**
 * The store lets no two operators drain the last two servers, but it counts a server that has just died as one that takes
 * clients, until its heartbeat is old. A ping knows better.
 */
async function isTheLastThatAnswers({ desk }: Deps, serverId: number): Promise<boolean> {
  const { servers } = await desk.lookAgain()
  const server = servers.find(({ id }) => id === serverId)
  if (server === undefined || server.drain !== null) return false
  return !servers.some(({ id, rank }) => id !== serverId && rank !== null)
}

function lastServer(): ConflictError {
  return new ConflictError(
    'This is the last server that takes clients. Start or resume another one, then drain it.',
  )
}

function noSuchServer(): NotFoundError {
  return new NotFoundError('There is no such server. Look at the list again.')
}
