// Stands in for server/src/main.ts: keeps its contract with the supervisor and does nothing else. FAKE_BEHAVIOR breaks it.
import { createServer } from 'node:http'
import { createLog } from '../../observability/log.ts'

const behavior = process.env.FAKE_BEHAVIOR ?? ''
const server = createServer((_request, response) => response.end(String(process.pid)))

if (behavior === 'refuses-to-start') {
  console.error('The database does not answer.')
  process.exit(1)
}
const log = createLog({ level: 'info', serverId: 1 })
if (behavior === 'warns') log.warn('disk-nearly-full', { percent: 97 })
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => {
  if (behavior === 'never-stops') return
  log.info('drained')
  process.exit(0)
})
server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  if (behavior !== 'never-ready') process.send?.({ kind: 'ready', url: '' })
})
