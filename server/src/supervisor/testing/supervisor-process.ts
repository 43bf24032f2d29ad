// A supervisor that a test can kill: two fake children on the ports after FIRST_PORT; prints their pids when they are up.
import path from 'node:path'
import { supervise } from '../supervise.ts'

const first = Number(process.env.FIRST_PORT)
const fleet = await supervise(
  [first, first + 1].map((port) => ({
    name: `child-${port}`,
    script: path.join(import.meta.dirname, 'fake-child.ts'),
    port,
    env: { PORT: String(port) },
  })),
  { say: () => {}, logFolder: process.env.LOG_FOLDER ?? '' },
)
console.log(JSON.stringify([...fleet.pids().values()]))
