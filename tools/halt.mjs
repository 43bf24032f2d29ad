/** The task cannot go on and the message tells a person all they need: what happened and what to do. Shown without a stack. */
export class Halt extends Error {}

/** Runs a task to its end and turns what it throws into an exit code. */
export async function runTask(task) {
  try {
    process.exitCode = (await task()) ?? 0
  } catch (error) {
    console.error(error instanceof Halt ? error.message : error)
    process.exitCode = 1
  }
}
