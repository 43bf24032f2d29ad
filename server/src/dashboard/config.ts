import { z } from 'zod'

export interface DashboardConfig {
  readonly host: string
  readonly port: number
  readonly balancerUrl: string
  /** The built dashboard. */
  readonly folder: string
}

const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  FASTCHAT_BALANCER_URL: z.url({ protocol: /^https?$/ }),
  FASTCHAT_WEB_FOLDER: z.string().min(1),
})

/** It needs no database and no secret, and is given none. */
export function readDashboardConfig(
  environment: Readonly<Record<string, string | undefined>>,
): DashboardConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
    throw new Error(`The dashboard cannot start: ${problems.join('; ')}.`)
  }
  const env = parsed.data
  return {
    host: env.HOST,
    port: env.PORT,
    balancerUrl: new URL(env.FASTCHAT_BALANCER_URL).origin,
    folder: env.FASTCHAT_WEB_FOLDER,
  }
}
