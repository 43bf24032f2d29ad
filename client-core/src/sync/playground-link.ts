import { toBase64url } from '../crypto/base64url.ts'
import { utf8 } from '../crypto/bytes.ts'
import type { ApiAccess } from './api-access.ts'

/**
 * Opens the playground with everything its examples need. What follows the # stays in the browser:
 * no server and no log sees it. Whoever has the link acts as its owner.
 */
export function playgroundLink(
  { url, ...access }: ApiAccess,
  username: string,
  operatorToken?: string,
): string {
  const { token, attachmentId, sample } = access
  const filled = {
    ...{ token, attachmentId, username },
    ...(operatorToken !== undefined && { operatorToken }),
    ...(sample !== undefined && { sample, sampleIds: [sample.clientMessageId] }),
  }
  return `${url}/playground#${toBase64url(utf8(JSON.stringify(filled)))}`
}
