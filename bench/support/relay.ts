// The baseline: a bare `ws` relay in one process. A frame {"to": name, "id": n, "body": text} goes to the socket of that
// name; the sender gets {"id": n, "sent": true}; nothing is stored, checked, acknowledged by the
// reader or encrypted. What any chat server on Node costs at the least.
import { WebSocketServer } from 'ws'

const sockets = new Map<string, import('ws').WebSocket>()
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
server.on('connection', (socket, request) => {
  sockets.set(request.url?.slice(1) ?? '', socket)
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString()) as { to: string; id: number; body: string }
    sockets.get(frame.to)?.send(JSON.stringify({ id: frame.id, body: frame.body }))
    socket.send(JSON.stringify({ id: frame.id, sent: true }))
  })
})
server.on('listening', () => process.send?.((server.address() as { port: number }).port))
process.on('disconnect', () => process.exit())
