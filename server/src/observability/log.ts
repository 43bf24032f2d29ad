import pino from 'pino'

/** One event a line: a constant name, then fields that hold no content, no token and no key. */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export function createLog(options: { level: LogLevel; serverId: number }): Log {
  const settings = {
    level: options.level,
    base: { server: options.serverId },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  // Not later: what is left over is flushed at the exit, again and again if whoever read it is gone (sonic-boom 4.2.1).
  const logger = pino(settings, pino.destination({ dest: 1, sync: true }))
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: LogFields = {}) =>
      logger[level]({ event, ...fields })
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** What may be said of a failure: its class and code. Its text may quote a value, so it is left out. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const where = error.stack
    ?.split('\n')
    .find((line) => line.trimStart().startsWith('at '))
    ?.trim()
  return {
    error: error.name,
    code,
    where: where?.replace(/\(?file:\/\/\/.*\/(server|node_modules)\//, '$1/'),
  }
}
