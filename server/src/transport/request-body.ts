import type { IncomingMessage } from 'node:http'

export type RequestBody =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'aborted' }

/** Reads a body and counts while it comes: the length that a request claims may be missing or wrong. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<RequestBody> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes)
    return Promise.resolve({ kind: 'too-large' })

  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const end = (body: RequestBody) => {
      request.off('data', onData)
      resolve(body)
    }
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) {
        // Stop reading: the connection is closed with the answer, so the rest is never taken in.
        request.pause()
        return end({ kind: 'too-large' })
      }
      chunks.push(chunk)
    }
    request.on('data', onData)
    request.once('end', () => end({ kind: 'read', text: Buffer.concat(chunks).toString('utf8') }))
    request.once('error', () => end({ kind: 'aborted' }))
    request.once('close', () => end({ kind: 'aborted' }))
  })
}
