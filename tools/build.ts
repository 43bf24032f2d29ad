// node tools/run.mjs build: the web apps, where they are stale. npm start does it by itself.
import { chatApp, dashboardApp, ensureWebApp } from './build/web-app.ts'
import { runTask } from './halt.mjs'

await runTask(async () => {
  for (const app of [chatApp, dashboardApp]) {
    const folder = await ensureWebApp(app, (line) => console.log(line))
    console.log(`${app.folder} is in ${folder}.`)
  }
  return 0
})
