// One server, or the balancer. The only file of the server that reads `process`; the contract with whoever starts it is in
// config.ts (the environment) and below (one message over ipc, two signals).
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import packageJson from '../package.json' with { type: 'json' }
import { type App, createApp } from './app.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { checkOpaqueSetup } from './domain/identity/opaque-server.ts'
import { RegistrationRefusedError } from './domain/operations/registration.ts'
import { createLog, errorFields, type Log } from './observability/log.ts'
import { readSecrets, SecretFileError } from './secrets.ts'
import { isDatabaseUnavailable } from './store/is-database-unavailable.ts'

const httpSettings = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2000,
}

try {
  await run()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}

async function run(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLog({ level: config.logLevel, serverId: config.serverId })
  process.on('uncaughtException', (error) => {
    log.error('crashed', errorFields(error))
    process.exit(1)
  })
  const secrets = await readSecrets(config.secretFile, (file) => readFile(file, 'utf8'))
  await checkOpaqueSetup(secrets.opaqueServerSetup).catch((error: unknown) => {
    throw new SecretFileError(
      `The secret file ${config.secretFile} is damaged. Put a backup of it in its place.`,
      { cause: error },
    )
  })

  // First the port: it is the mistake that is made most often, and the address is not known before.
  const listener = createServer(httpSettings)
  listener.maxHeadersCount = 100
  const url = await listen(listener, config)
  const app = createApp({
    ...{ config, secrets, url, log },
    version: packageJson.version,
    readUsage: () => ({ memoryBytes: process.memoryUsage.rss(), cpuMs: cpuMs() }),
  })
  listener.on('request', app.handleRequest)
  listener.on('upgrade', app.handleUpgrade)
  await app.start()
  stopWhenAsked(app, listener, log)
  log.info('started', { url, role: config.role })
  process.send?.({ kind: 'ready', url })
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return Math.round((user + system) / 1000)
}

function listen(listener: Server, config: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(config.port, config.host, () => {
      listener.off('error', reject)
      const { port } = listener.address() as AddressInfo
      const isWildcard = config.host === '0.0.0.0' || config.host === '::'
      const host = isWildcard ? '127.0.0.1' : config.host
      resolve(config.publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`)
    })
  })
}

function stopWhenAsked(app: App, listener: Server, log: Log): void {
  let isDraining = false
  const end = async (drainFirst: boolean) => {
    try {
      if (drainFirst) await app.drain()
      listener.close()
      listener.closeIdleConnections()
      await app.close()
      process.exit(0)
    } catch (error) {
      log.error('stop-failed', errorFields(error))
      process.exit(1)
    }
  }
  const asked = () => {
    // Asked twice: now.
    if (isDraining) process.exit(0)
    isDraining = true
    void end(true)
  }
  process.on('SIGTERM', asked)
  process.on('SIGINT', asked)
  // Whoever started us is gone, and nobody would stop us later.
  process.on('disconnect', () => void end(false))
}

/** One line for what an operator can put right; for the rest, what may be said of it. */
function explain(error: unknown): string {
  if (
    error instanceof ConfigError ||
    error instanceof RegistrationRefusedError ||
    error instanceof SecretFileError
  )
    return error.message
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const port = process.env.PORT ?? ''
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Stop the program that has it, or set PORT to another.`
  if (code === 'EACCES') return `This user may not open port ${port}. Set PORT to one above 1023.`
  if (isDatabaseUnavailable(error))
    return 'The database does not answer. Start it, or check DATABASE_URL.'
  return `The server could not start: ${JSON.stringify(errorFields(error))}`
}
