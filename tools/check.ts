// npm run check [-- names]: everything a machine can say about the code without running it.
import { chooseSteps, runSteps } from './checks/run-steps.ts'
import { checks } from './checks/steps.ts'
import { runTask } from './halt.mjs'

await runTask(async () => {
  const steps = chooseSteps(checks, process.argv.slice(2))
  const failed = await runSteps(steps)
  const seconds = Math.round(performance.now() / 1000)
  if (failed.length === 0) {
    console.log(`\nNothing to object to, in ${seconds} s.`)
    return 0
  }
  console.log(
    `\n${failed.length} of ${steps.length} failed, in ${seconds} s. Again, these alone: npm run check -- ${failed.join(' ')}`,
  )
  return 1
})
