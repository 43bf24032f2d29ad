import { z } from 'zod'
import { type Rate, type RateName, type Rates, rates } from './domain/limits.ts'
import type { LogLevel } from './observability/log.ts'

export type Role = 'server' | 'balancer'

export interface Config {
  readonly role: Role
  /** 1 to n; 0 for the balancer. */
  readonly serverId: number
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly databaseUrl: string
  readonly poolSize: number
  /** How servers tell each other to look: sockets between them, or LISTEN and NOTIFY where they cannot reach each other. */
  readonly bus: 'mesh' | 'postgres'
  readonly secretFile: string
  /** What clients are told; where it is missing, the address the process listens on. */
  readonly publicUrl: string | undefined
  readonly balancerUrl: string | undefined
  readonly origins: readonly string[]
  readonly trustedProxies: readonly string[]
  readonly playground: boolean
  /** The built chat app, which the balancer hands out. */
  readonly webFolder: string | undefined
  readonly messageTtlMs: number
  readonly unauthenticatedSockets: number
  readonly logLevel: LogLevel
  readonly rates: Rates
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Everything that is wrong with the environment at once, one line each. Values are left out: some are secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a mistake' : 'mistakes'}:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    )
    this.problems = problems
  }
}

export function readConfig(environment: Environment): Config {
  // An empty variable means the same as none: that is how shells and compose files leave one out.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`),
    )

  const env = parsed.data
  const loopback = isLoopback(env.HOST)
  return {
    role: env.FASTCHAT_ROLE,
    serverId: env.FASTCHAT_SERVER_ID,
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL,
    poolSize: env.FASTCHAT_POOL_SIZE,
    bus: env.FASTCHAT_BUS,
    secretFile: env.FASTCHAT_SECRET_FILE,
    publicUrl: env.FASTCHAT_PUBLIC_URL,
    balancerUrl: env.FASTCHAT_BALANCER_URL,
    origins: env.FASTCHAT_ORIGINS,
    trustedProxies: env.FASTCHAT_TRUSTED_PROXY,
    playground: (env.FASTCHAT_PLAYGROUND ?? (loopback ? 'on' : 'off')) === 'on',
    webFolder: env.FASTCHAT_WEB_FOLDER,
    messageTtlMs: env.MESSAGE_TTL_SECONDS * 1000,
    // Only this machine reaches a loopback address: all of its clients share one network.
    unauthenticatedSockets: env.FASTCHAT_UNAUTHENTICATED_SOCKETS ?? (loopback ? 2000 : 20),
    logLevel: env.LOG_LEVEL,
    rates: ratesFrom(env),
  }
}

/** The rate called `startSignIn` is FASTCHAT_RATE_START_SIGN_IN. */
function rateVariable(name: RateName): RateVariable {
  return `FASTCHAT_RATE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

type RateVariable = `FASTCHAT_RATE_${string}`

const rateNames = Object.keys(rates) as RateName[]

function ratesFrom(env: Partial<Record<RateVariable, Rate | undefined>>): Rates {
  const chosen = rateNames.map((name) => [name, env[rateVariable(name)] ?? rates[name]])
  return Object.fromEntries(chosen) as Rates
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

const whole = (name: string, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `expected ${name}, from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `expected ${name}, from ${min} to ${max}`)

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )

const httpUrl = z
  .string()
  .refine(
    (text) => /^https?:\/\/[^/]+\/?$/.test(text) && URL.canParse(text),
    'expected an address such as https://chat.example.org',
  )
  .transform((text) => new URL(text).origin)

const rate = z
  .string()
  .regex(/^\d+(\.\d+)?\/\d+(\.\d+)?$/, 'expected "burst/perSecond", such as 100/10')
  .transform((text) => {
    const [burst = 0, perSecond = 0] = text.split('/').map(Number)
    return { burst, perSecond }
  })
  .optional()

const schema = z
  .object({
    FASTCHAT_ROLE: z.enum(['server', 'balancer'], 'expected server or balancer').default('server'),
    FASTCHAT_SERVER_ID: whole('a whole number', 0, 999_999).default(0),
    HOST: z.string().default('127.0.0.1'),
    PORT: whole('a port', 0, 65_535),
    DATABASE_URL: z
      .string('expected the address of a PostgreSQL database')
      .refine(
        (text) => /^postgres(ql)?:\/\//.test(text),
        'expected an address that begins with postgresql://',
      ),
    FASTCHAT_POOL_SIZE: whole('a number of connections', 2, 200).default(10),
    FASTCHAT_BUS: z.enum(['mesh', 'postgres']).default('mesh'),
    FASTCHAT_SECRET_FILE: z.string('expected the path of the file with the server secret'),
    FASTCHAT_PUBLIC_URL: httpUrl.optional(),
    FASTCHAT_BALANCER_URL: httpUrl.optional(),
    FASTCHAT_ORIGINS: list.pipe(z.array(httpUrl)),
    FASTCHAT_TRUSTED_PROXY: list,
    FASTCHAT_PLAYGROUND: z.enum(['on', 'off'], 'expected on or off').optional(),
    FASTCHAT_WEB_FOLDER: z.string().optional(),
    MESSAGE_TTL_SECONDS: whole('a number of seconds', 1, 86_400).default(120),
    FASTCHAT_UNAUTHENTICATED_SOCKETS: whole('a number of sockets', 1, 1_000_000).optional(),
    LOG_LEVEL: z
      .enum(
        ['debug', 'info', 'warn', 'error', 'silent'],
        'expected debug, info, warn, error or silent',
      )
      .default('info'),
    ...Object.fromEntries(rateNames.map((name) => [rateVariable(name), rate] as const)),
  })
  .refine((env) => (env.FASTCHAT_ROLE === 'balancer') === (env.FASTCHAT_SERVER_ID === 0), {
    path: ['FASTCHAT_SERVER_ID'],
    message: 'expected 1 or more for a server, and 0 for the balancer',
    when: ({ issues }) =>
      issues.length === 0 ||
      issues.every(
        ({ path }) => path?.[0] !== 'FASTCHAT_ROLE' && path?.[0] !== 'FASTCHAT_SERVER_ID',
      ),
  })
