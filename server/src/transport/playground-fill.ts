import type { PlaygroundTab } from './playground-tabs.ts'

/**
 * Runs in the browser, inside the playground's page: its text is put there, so it may use nothing from outside itself.
 *
 * A link of the form `/playground#<base64url of JSON>` carries what the example tabs need, made by `fastchat playground`.
 * What follows the # is never sent to a server. It is taken out of the address at once, so that it stays in no history.
 */
export function fillTabs<Options extends { readonly defaultTabs: readonly PlaygroundTab[] }>(
  options: Options,
): Options {
  const { hash, pathname, search } = window.location
  if (hash.length < 2) return options
  window.history.replaceState(null, '', pathname + search)
  let values: Record<string, unknown>
  try {
    const binary = window.atob(hash.slice(1).replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    values = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return options
  }
  // Tabs of an earlier visit would be shown instead of the ones that are filled in here.
  window.localStorage.removeItem('graphiql:tabState')

  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const name = /^<(\w+)>$/.exec(value)?.[1]
      if (name !== undefined) return name in values ? values[name] : value
      return value.replace(/<(\w+)>/g, (whole, inner) => String(values[inner] ?? whole))
    }
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]))
  }
  const fillText = (text: string) => JSON.stringify(fill(JSON.parse(text)), null, 2)
  const defaultTabs = options.defaultTabs.map((tab) => ({
    ...tab,
    ...(tab.headers !== undefined && { headers: fillText(tab.headers) }),
    ...(tab.variables !== undefined && { variables: fillText(tab.variables) }),
  }))
  return { ...options, defaultTabs }
}
