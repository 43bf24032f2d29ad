import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

// An operator types a password at an origin that we serve, so there is no client that could run OPAQUE for it.
const derive = promisify(argon2)
/** RFC 9106 §4 recommends 64 MiB and three passes where memory is scarce; about 0.1 s. */
const cost = { memory: 64 * 1024, passes: 3, parallelism: 1 } as const
const tagLength = 32
const form = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/

export const leastPasswordChars = 12

/** With parameters and salt, so that both can change later. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { ...cost, message: message(password), nonce, tagLength })
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${nonce.toString('base64url')}$${tag.toString('base64url')}`
}

/** Takes as long for nobody's password as for somebody's: the answer must not tell who exists. */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, nonce, expected] = form.exec(hash ?? nobodys) ?? []
  if (nonce === undefined || expected === undefined)
    throw new Error('"password_hash" expected an Argon2id hash. Reset the password.')
  const tag = await derive('argon2id', {
    message: message(password),
    nonce: Buffer.from(nonce, 'base64url'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength,
  })
  return timingSafeEqual(tag, Buffer.from(expected, 'base64url')) && hash !== null
}

const nobodys = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** The same characters typed on two keyboards may be composed differently. */
function message(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'))
}
