import type { ExecutionArgs, ExecutionResult } from 'graphql'
import type { Connection } from './connection.ts'
import type { Executor, Results } from './execute.ts'

// What was counted when it was accepted is counted out when it has ended, and not when the client says that it has lost
// interest: a forgotten operation still runs.

export function runCounted(
  { execute }: Executor,
  connection: Connection,
  args: ExecutionArgs,
): ExecutionResult | Promise<ExecutionResult> {
  let result: ExecutionResult | Promise<ExecutionResult>
  try {
    result = execute(args)
  } catch (error) {
    connection.operationEnded()
    throw error
  }
  if (result instanceof Promise) return result.finally(connection.operationEnded)
  connection.operationEnded()
  return result
}

export async function subscribeCounted(
  { subscribe }: Executor,
  connection: Connection,
  args: ExecutionArgs,
): Promise<Results | ExecutionResult> {
  let isOpen = true
  const ended = () => {
    if (isOpen) connection.subscriptions -= 1
    isOpen = false
  }
  try {
    const results = await subscribe(args)
    if (Symbol.asyncIterator in results) return noticeEnd(results, ended)
    ended()
    return results
  } catch (error) {
    ended()
    throw error
  }
}

/** By hand: a generator that nobody has read from yet does not notice that it was ended. */
function noticeEnd(source: Results, ended: () => void): Results {
  const settle = (result: IteratorResult<ExecutionResult, void>) => {
    if (result.done === true) ended()
    return result
  }
  const failed = (error: unknown): never => {
    ended()
    throw error
  }
  return {
    next: () => source.next().then(settle, failed),
    return() {
      ended()
      return source.return()
    },
    throw(error) {
      ended()
      return source.throw(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await this.return()
    },
  }
}
