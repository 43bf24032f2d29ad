import { readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const binary = /\.(png|jpe?g|gif|webp|ico|woff2?|wasm|gz|zip)$/i

/** Where the tree still says on which machine it was made: the folder of the clone, the home of its maker, a private registry. */
export function findTraces(
  root: string,
  files: readonly string[],
  registry: string | undefined,
): string[] {
  const traces = [
    { what: 'the path of this clone', text: `${root}${path.sep}` },
    { what: 'a home folder', text: `${os.homedir()}${path.sep}` },
    { what: 'the registry of this machine', text: hostOf(registry) },
  ].filter(
    (trace): trace is { what: string; text: string } =>
      trace.text !== undefined && trace.text.length > 4,
  )
  return files
    .filter((file) => !binary.test(file))
    .flatMap((file) => {
      const lines = readFileSync(path.join(root, file), 'utf8').split('\n')
      return lines.flatMap((line, index) =>
        traces
          .filter(({ text }) => holds(line, text))
          .map(({ what }) => `${file}:${index + 1}: holds ${what}`),
      )
    })
}

/** A clone in /app is not what src/app/ is about. */
function holds(line: string, text: string): boolean {
  const at = line.indexOf(text)
  return at >= 0 && !(text.startsWith('/') && /[\w.-]/.test(line[at - 1] ?? ' '))
}

function hostOf(registry: string | undefined): string | undefined {
  return registry !== undefined && URL.canParse(registry) ? new URL(registry).host : undefined
}
