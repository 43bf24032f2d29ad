// Everything an operator sees comes over a signed-in socket: there is nothing to render before.
export const ssr = false
export const prerender = true
