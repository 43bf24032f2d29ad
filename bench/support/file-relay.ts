// The baseline for files: bare HTTP in one process. PUT keeps a chunk in memory, GET gives it out once and forgets it. No
// database, no JSON, nothing checked: what moving these bytes through any server on Node costs at the least.
import { createServer } from 'node:http'

const chunks = new Map<string, Buffer>()
const server = createServer((request, response) => {
  const path = request.url ?? ''
  if (request.method === 'PUT') {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      chunks.set(path, Buffer.concat(parts))
      response.writeHead(204).end()
    })
    return
  }
  const chunk = chunks.get(path)
  chunks.delete(path)
  response.writeHead(chunk === undefined ? 404 : 200).end(chunk)
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port))
process.on('disconnect', () => process.exit())
