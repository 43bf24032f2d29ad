import type { GlobalOptions } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson } from '../text/safe-text.ts'

export function showPaths(terminal: Terminal, options: GlobalOptions): void {
  const { paths, isJson } = settingsFrom(options, terminal)
  const { profile, config, data, keyFile, store } = paths
  const entries = { profile, config, data, keys: keyFile, messages: store }
  const lines = isJson
    ? [safeJson(entries)]
    : Object.entries(entries).map(([name, value]) => `${name.padEnd(8)}  ${value}`)
  terminal.output.write(`${lines.join('\n')}\n`)
}
