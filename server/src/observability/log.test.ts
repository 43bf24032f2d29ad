import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { test } from 'node:test'

const program = `
import { createLog } from ${JSON.stringify(path.join(import.meta.dirname, 'log.ts'))}
const log = createLog({ level: 'info', serverId: 1 })
log.info('begun')
process.stdin.once('data', () => {
  log.warn('database-unavailable')
  log.error('stopping')
  process.exit(3)
})
`

test('a server whose reader of logs is gone ends all the same', { timeout: 20_000 }, async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  assert.match(line.toString(), /"server":1.*"event":"begun"/)

  // As when the supervisor was killed.
  child.stdout.destroy()
  await once(child.stdout, 'close')
  const exit = once(child, 'exit')
  child.stdin.write('now')

  try {
    const [code] = await Promise.race([exit, once(AbortSignal.timeout(10_000), 'abort')])
    assert.equal(code, 3)
  } finally {
    child.kill('SIGKILL')
  }
})
