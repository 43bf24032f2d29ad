/** The two addresses of a server, from what a person or a balancer gives: `http://host:7681`. */
export function endpoint(url: string): { readonly http: string; readonly socket: string } {
  const http = new URL(url)
  if (http.pathname === '/') http.pathname = '/graphql'
  const socket = new URL(http)
  socket.protocol = http.protocol === 'https:' ? 'wss:' : 'ws:'
  return { http: http.href, socket: socket.href }
}
