// npm run demo: FastChat with people in it, to look at. Everything lies in a temporary folder and is gone when it ends.
import { readDemoOptions, usage } from './demo/options.ts'
import { runTask } from './halt.mjs'

// A terminal that was closed must not end the clearing up.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

await runTask(async () => {
  const options = readDemoOptions(process.argv.slice(2))
  if (options.kind === 'help') {
    console.log(usage)
    return 0
  }
  if (options.kind === 'wish') {
    const { tellDemo } = await import('./demo/wish.ts')
    return tellDemo(options.wish, options.port)
  }
  const { runDemo } = await import('./demo/run-demo.ts')
  await runDemo(options)
  return 0
})
// Listening for the parent's death would keep a stopped demo on the screen.
process.exit()
