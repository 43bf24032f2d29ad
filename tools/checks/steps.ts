import path from 'node:path'
import { root } from '../bootstrap.mjs'
import { runProgram } from '../run-program.ts'
import { findDeadLinks } from './docs.ts'
import { findLayerViolations } from './layers.ts'
import { findLockGaps } from './lock-files.ts'
import { findLongFiles } from './sizes.ts'
import { findTraces } from './traces.ts'
import { listFiles } from './tracked-files.ts'

export type Verdict = { readonly ok: boolean; readonly details: string }

export type Step = {
  readonly name: string
  /** Completes the sentence "checks ...". */
  readonly about: string
  readonly run: () => Promise<Verdict>
}

const program = async (file: string, ...args: string[]): Promise<Verdict> => {
  const { code, output } = await runProgram(path.join(root, file), args)
  return { ok: code === 0, details: output }
}

const findings = async (problems: readonly string[]): Promise<Verdict> => ({
  ok: problems.length === 0,
  details: problems.join('\n'),
})

const checkSvelte = async (workspace: string): Promise<Verdict> => {
  const cwd = path.join(root, workspace)
  const run = (file: string, ...args: string[]) =>
    runProgram(path.join(root, 'node_modules', file), args, { cwd })
  // A fresh clone has none of what SvelteKit writes for the type check.
  const synced = await run('@sveltejs/kit/svelte-kit.js', 'sync')
  if (synced.code !== 0) return { ok: false, details: synced.output }
  const { code, output } = await run(
    'svelte-check/bin/svelte-check',
    '--tsconfig=./tsconfig.json',
    '--output=human',
    '--fail-on-warnings',
  )
  return { ok: code === 0, details: output }
}

/** Everything but the tests, in the order in which a failure is cheapest to find. */
export const checks: readonly Step[] = [
  {
    name: 'format',
    about: 'format and lint',
    run: () =>
      program(
        'node_modules/@biomejs/biome/bin/biome',
        'ci',
        '--colors=off',
        '--error-on-warnings',
        '.',
      ),
  },
  {
    name: 'layers',
    about: 'who may import whom',
    run: () => findings(findLayerViolations(root, listFiles(root))),
  },
  {
    name: 'sizes',
    about: 'the length of files',
    run: () => findings(findLongFiles(root, listFiles(root))),
  },
  {
    name: 'docs',
    about: 'links and paths in documents',
    run: () => findings(findDeadLinks(root, listFiles(root))),
  },
  {
    name: 'locks',
    about: 'lock files for every platform',
    run: () => findings(findLockGaps(root, listFiles(root))),
  },
  {
    name: 'traces',
    about: 'paths and hosts of one machine',
    run: () => findings(findTraces(root, listFiles(root), process.env.npm_config_registry)),
  },
  {
    name: 'types',
    about: 'types',
    run: () => program('node_modules/typescript/bin/tsc', '-p', '.', '--pretty', 'false'),
  },
  {
    name: 'svelte',
    about: 'types and markup of the web apps',
    run: async () => {
      const chat = await checkSvelte('client-web')
      return chat.ok ? checkSvelte('dashboard') : chat
    },
  },
  {
    name: 'promises',
    about: 'promises that nobody awaits',
    run: () => program('node_modules/oxlint/bin/oxlint', '--type-aware', '--quiet'),
  },
  {
    name: 'unused',
    about: 'code and packages nobody uses',
    run: () => program('node_modules/knip/bin/knip.js', '--no-progress'),
  },
  {
    name: 'generated',
    about: 'generated files',
    run: () => program('tools/gen.ts', '--check'),
  },
  {
    name: 'migrations',
    about: 'migrations against schema.prisma',
    run: () => program('tools/db.ts', 'check'),
  },
]
