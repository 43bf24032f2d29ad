import type { ChildProcess } from 'node:child_process'
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'

const maxBytes = 10 * 1024 * 1024
/** What a person at the terminal should see at once. */
const alarming: ReadonlySet<unknown> = new Set(['warn', 'error', 'fatal'])
const quietMs = 10_000
const keptLines = 5

export type ChildLog = {
  /** Takes over what the process writes. */
  follow(child: ChildProcess): void
  /** The last things it said that were not log records: where the reason of a crash stands. Each is told once. */
  lastLines(): readonly string[]
}

/** Writes what a child says to `<folder>/<name>.log` as JSON lines, and its warnings to the terminal as well. */
export function openChildLog(folder: string, name: string, say: (line: string) => void): ChildLog {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, `${name}.log`)
  const lastSaid = new Map<string, number>()
  let size = sizeOf(file)
  let last: string[] = []

  function write(line: string): void {
    if (size > maxBytes) {
      renameSync(file, `${file}.1`)
      size = 0
    }
    // Synchronous, so that the last words of a crash are on disk before anybody is told where to look for them.
    appendFileSync(file, `${line}\n`, { mode: 0o600 })
    size += line.length + 1
  }

  function hear(line: string): void {
    const record = parseRecord(line)
    if (record === undefined) {
      const time = new Date().toISOString()
      write(JSON.stringify({ level: 'error', time, event: 'stderr', text: line }))
      last = [...last, line].slice(-keptLines)
      return
    }
    write(line)
    if (!alarming.has(record.level)) return
    const text = describe(record)
    const now = Date.now()
    if (now - (lastSaid.get(text) ?? 0) < quietMs) return
    lastSaid.set(text, now)
    say(`${name}: ${text}`)
  }

  return {
    follow(child) {
      for (const stream of [child.stdout, child.stderr])
        if (stream !== null) createInterface({ input: stream }).on('line', hear)
    },
    lastLines() {
      const told = last
      last = []
      return told
    },
  }
}

type LogRecord = { readonly level: unknown; readonly event: string } & Readonly<
  Record<string, unknown>
>

/** A line as server/src/observability/log.ts writes it; `undefined` for anything else. */
function parseRecord(line: string): LogRecord | undefined {
  try {
    const record = JSON.parse(line) as Partial<LogRecord> | null
    return typeof record?.event === 'string' ? (record as LogRecord) : undefined
  } catch {
    return undefined
  }
}

/** "bus-lost, code ECONNREFUSED": the event and its fields, without what the log file is for. */
function describe({ level, time, server, where, event, ...fields }: LogRecord): string {
  return [event, ...Object.entries(fields).map(([name, value]) => `${name} ${value}`)].join(', ')
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
