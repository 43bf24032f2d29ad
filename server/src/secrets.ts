import { z } from 'zod'

export interface Secrets {
  /** Key for the challenges that devices sign; the same on every server. */
  readonly secret: Uint8Array
  readonly opaqueServerSetup: string
}

/** Reads the file that holds what must not lie in the database. Says which file is wrong and nothing of what is in it. */
export async function readSecrets(
  file: string,
  read: (file: string) => Promise<string>,
): Promise<Secrets> {
  const text = await read(file).catch((error: NodeJS.ErrnoException) => {
    throw new SecretFileError(
      `The secret file ${file} cannot be read (${error.code}). npm start makes one; FASTCHAT_SECRET_FILE says where it is.`,
    )
  })
  const parsed = schema.safeParse(parseJson(text))
  if (!parsed.success)
    throw new SecretFileError(
      `The secret file ${file} is damaged. Put a backup of it in its place.`,
    )
  return {
    secret: Buffer.from(parsed.data.secret, 'base64url'),
    opaqueServerSetup: parsed.data.opaqueServerSetup,
  }
}

export class SecretFileError extends Error {}

const schema = z.object({
  secret: z.string().regex(/^[A-Za-z0-9_-]{43,}$/),
  opaqueServerSetup: z.string().min(1),
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not even the parser's message may be shown: it quotes the text.
    return undefined
  }
}
