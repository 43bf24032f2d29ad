import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'

/** Answers from a folder. Returns false, and has written nothing, if there is nothing at the path. */
export type StaticFiles = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

export interface StaticFilesOptions {
  readonly folder: string
  /** The policy for pages, given what their inline scripts hash to. */
  pagePolicy(scriptHashes: readonly string[]): Promise<string>
  /** For what is no page, where another than that for data is needed: a worker takes over that of its script. */
  policyOf?(at: string): string | undefined
}

interface StaticFile {
  readonly type: string
  readonly etag: string
  readonly isForEver: boolean
  readonly bodies: Readonly<Record<Encoding, Buffer | undefined>>
  /** Of the inline scripts of a page; absent of everything else. */
  readonly scriptHashes?: readonly string[]
}

type FileTable = ReadonlyMap<string, StaticFile>

type Encoding = 'br' | 'gzip' | 'identity'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/**
 * A built web app. It is read whole, with its compressed twins, when the first visitor comes, and
 * again when it was built anew: a path is only ever looked up in a table, so none leads out of the
 * folder.
 */
export function createStaticFiles({
  folder,
  pagePolicy,
  policyOf,
}: StaticFilesOptions): StaticFiles {
  let loaded = { builtMs: 0, files: Promise.resolve<FileTable>(new Map()) }

  const current = async (): Promise<FileTable> => {
    const { mtimeMs: builtMs } = await stat(path.join(folder, 'index.html'))
    if (builtMs !== loaded.builtMs) loaded = { builtMs, files: loadFolder(folder) }
    return loaded.files
  }

  return async (request, response) => {
    const asked = pathOf(request)
    const wantsPage = /\btext\/html\b/.test(request.headers.accept ?? '')
    const files = await current()
    const file = files.get(asked) ?? (wantsPage ? files.get('/index.html') : undefined)
    if (file === undefined) return false
    const { scriptHashes } = file
    const policy = scriptHashes === undefined ? policyOf?.(asked) : await pagePolicy(scriptHashes)
    if (policy !== undefined) response.setHeader('content-security-policy', policy)
    answer(file, request, response)
    return true
  }
}

function pathOf(request: IncomingMessage): string {
  const asked = request.url?.split('?', 1)[0] ?? '/'
  return asked === '/' ? '/index.html' : asked
}

function answer(file: StaticFile, request: IncomingMessage, response: ServerResponse): void {
  const keep = file.isForEver ? 'public, max-age=31536000, immutable' : 'no-cache'
  response.setHeader('cache-control', keep)
  response.setHeader('vary', 'accept-encoding')
  response.setHeader('etag', file.etag)
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end()
    return
  }
  const encoding = chooseEncoding(file, request.headers['accept-encoding'] ?? '')
  const body = file.bodies[encoding] ?? Buffer.alloc(0)
  if (encoding !== 'identity') response.setHeader('content-encoding', encoding)
  response.writeHead(200, { 'content-type': file.type, 'content-length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function chooseEncoding({ bodies }: StaticFile, accepted: string): Encoding {
  if (bodies.br !== undefined && /\bbr\b/.test(accepted)) return 'br'
  return bodies.gzip !== undefined && /\bgzip\b/.test(accepted) ? 'gzip' : 'identity'
}

async function loadFolder(folder: string): Promise<FileTable> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
  const known = new Set(paths)
  const files = paths
    .filter((file) => types[path.extname(file)] !== undefined)
    .map(async (file) => {
      const at = `/${path.relative(folder, file).split(path.sep).join('/')}`
      return [at, await loadFile(file, at, known)] as const
    })
  return new Map(await Promise.all(files))
}

async function loadFile(file: string, at: string, known: ReadonlySet<string>): Promise<StaticFile> {
  const read = async (name: string) => (known.has(name) ? readFile(name) : undefined)
  const [identity, br, gzip] = [
    await readFile(file),
    await read(`${file}.br`),
    await read(`${file}.gz`),
  ]
  return {
    type: types[path.extname(file)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`,
    // Their names change with what is in them.
    isForEver: at.startsWith('/_app/immutable/'),
    bodies: { identity, br, gzip },
    ...(at.endsWith('.html') && { scriptHashes: inlineScriptHashes(identity.toString('utf8')) }),
  }
}

/** What a policy names so that these scripts of a page run, and no other that somebody slipped in. */
export function inlineScriptHashes(page: string): readonly string[] {
  return [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) => {
    return `'sha256-${createHash('sha256').update(script).digest('base64')}'`
  })
}
