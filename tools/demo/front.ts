import { once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type ServerResponse,
} from 'node:http'

export interface Front {
  close(): void
}

/**
 * What people's browsers talk to in a demo: everything below /demo/ is answered here, and the rest by the process behind, as it
 * came. So one-time links are redeemed at the page's own origin, and neither the servers nor the pages' policies know of them.
 */
export async function openFront(options: {
  readonly port: number
  readonly behind: number
  readonly desk: RequestListener
}): Promise<Front> {
  const agent = new Agent({ keepAlive: true })
  const server = createServer(
    { headersTimeout: 10_000, maxHeaderSize: 16 * 1024 },
    (asked, answer) => {
      if (asked.url?.startsWith('/demo/') === true) options.desk(asked, answer)
      else passOn(asked, answer, options.behind, agent)
    },
  )
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return {
    close() {
      server.close()
      server.closeAllConnections()
      agent.destroy()
    },
  }
}

function passOn(asked: IncomingMessage, answer: ServerResponse, port: number, agent: Agent): void {
  const { method, headers, url: path } = asked
  const onward = request({ host: '127.0.0.1', port, method, path, headers, agent })
  onward.on('response', (came) => {
    answer.writeHead(came.statusCode ?? 502, came.headers)
    came.pipe(answer)
  })
  // The process behind is being started, or started again.
  onward.on('error', () => {
    if (answer.headersSent) answer.destroy()
    else answer.writeHead(503, { 'retry-after': '1' }).end()
  })
  answer.on('close', () => {
    if (!answer.writableFinished) onward.destroy()
  })
  asked.pipe(onward)
}
