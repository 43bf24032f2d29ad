// node tools/run.mjs build: the web apps, where they are stale. npm start does it by itself.
import { chatApp, ensureWebApp } from './build/web-app.ts'
import { runTask } from './halt.mjs'

await runTask(async () => {
  const folder = await ensureWebApp(chatApp, (line) => console.log(line))
  console.log(`The chat app is in ${folder}.`)
  return 0
})
