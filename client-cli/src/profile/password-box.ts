// Seals bytes under a password: Argon2id makes the key, AES-256-GCM the box. The parameters stand in
// the box itself, so that a later version may ask for more work and still open an older one.
import { argon2, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

const format = 'fastchat-key-file/v1'
// OWASP's first choice for Argon2id: 19 MiB, two passes, one lane.
const work: Cost = { memory: 19 * 1024, passes: 2, parallelism: 1 }
// More than any version of ours writes: a box that asks for gigabytes was not made by us.
const mostWork: Cost = { memory: 1024 * 1024, passes: 16, parallelism: 16 }

interface Cost {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

interface Box extends Cost {
  readonly format: string
  readonly salt: string
  readonly iv: string
  readonly sealed: string
}

export type OpenedBox =
  | { readonly kind: 'opened'; readonly content: Buffer; readonly key: PasswordKey }
  | { readonly kind: 'wrong-password' }
  | { readonly kind: 'damaged' }

/** What the password became. Kept while the client runs, so that saving needs no password. */
export interface PasswordKey {
  readonly cost: Cost
  readonly salt: Buffer
  readonly bytes: Buffer
}

export async function passwordKey(password: string): Promise<PasswordKey> {
  const salt = randomBytes(16)
  return { cost: work, salt, bytes: await derive(password, salt, work) }
}

export function sealBox(key: PasswordKey, content: Uint8Array): Buffer {
  const iv = randomBytes(12)
  const head = { format, ...key.cost, salt: key.salt.toString('base64'), iv: iv.toString('base64') }
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv)
  cipher.setAAD(Buffer.from(JSON.stringify(head)))
  const sealed = Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()])
  const box: Box = { ...head, sealed: sealed.toString('base64') }
  return Buffer.from(`${JSON.stringify(box, null, 2)}\n`)
}

export async function openBox(file: Uint8Array, password: string): Promise<OpenedBox> {
  const box = parseBox(file)
  if (box === undefined) return { kind: 'damaged' }
  const { sealed: sealedText, ...head } = box
  const salt = Buffer.from(box.salt, 'base64')
  const { memory, passes, parallelism } = box
  const cost = { memory, passes, parallelism }
  const bytes = await derive(password, salt, cost)
  const sealed = Buffer.from(sealedText, 'base64')
  if (sealed.length < 16) return { kind: 'damaged' }
  const decipher = createDecipheriv('aes-256-gcm', bytes, Buffer.from(box.iv, 'base64'))
  decipher.setAAD(Buffer.from(JSON.stringify(head)))
  decipher.setAuthTag(sealed.subarray(-16))
  try {
    const content = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
    return { kind: 'opened', content, key: { cost, salt, bytes } }
  } catch {
    // A changed byte and a wrong password look the same, as they should.
    return { kind: 'wrong-password' }
  }
}

function derive(password: string, nonce: Buffer, cost: Cost): Promise<Buffer> {
  // Composed, so that é typed on another keyboard is the same password.
  const message = Buffer.from(password.normalize('NFC'))
  return promisify(argon2)('argon2id', { ...cost, message, nonce, tagLength: 32 })
}

function parseBox(file: Uint8Array): Box | undefined {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(file).toString('utf8'))
  } catch {
    return undefined
  }
  return isBox(value) ? pick(value) : undefined
}

function isBox(value: unknown): value is Box {
  if (typeof value !== 'object' || value === null) return false
  const box = value as Partial<Record<keyof Box, unknown>>
  const isCost = (cost: unknown, most: number) =>
    typeof cost === 'number' && Number.isInteger(cost) && cost >= 1 && cost <= most
  return (
    box.format === format &&
    isCost(box.memory, mostWork.memory) &&
    isCost(box.passes, mostWork.passes) &&
    isCost(box.parallelism, mostWork.parallelism) &&
    Number(box.memory) >= 8 * Number(box.parallelism) &&
    typeof box.salt === 'string' &&
    Buffer.from(box.salt, 'base64').length === 16 &&
    typeof box.iv === 'string' &&
    Buffer.from(box.iv, 'base64').length === 12 &&
    typeof box.sealed === 'string'
  )
}

/** In the order of writing, which is the order the seal covers. */
function pick({ memory, passes, parallelism, salt, iv, sealed }: Box): Box {
  return { format, memory, passes, parallelism, salt, iv, sealed }
}
