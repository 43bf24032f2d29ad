// Everything a person sees is decrypted here: a server has nothing to render.
export const ssr = false
export const prerender = true
