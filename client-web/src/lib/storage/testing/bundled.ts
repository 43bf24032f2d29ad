import path from 'node:path'
import { build } from 'vite'

/** A module of this folder as one script, which leaves what it exports in `globalThis[name]`. */
export async function bundled(module: string, name: string): Promise<string> {
  const result = await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: path.join(import.meta.dirname, module), formats: ['iife'], name },
    },
  })
  const [output] = [result].flat()
  if (output === undefined || !('output' in output)) throw new Error(`${module} was not bundled.`)
  return output.output[0].code
}
