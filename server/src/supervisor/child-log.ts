import type { ChildProcess } from 'node:child_process'
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'

const maxBytes = 10 * 1024 * 1024
/** Of pino's levels: what a person at the terminal should see at once. */
const warning = 40
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
      write(JSON.stringify({ level: 50, time: Date.now(), event: 'stderr', text: line }))
      last = [...last, line].slice(-keptLines)
      return
    }
    write(line)
    if (record.level < warning) return
    const now = Date.now()
    if (now - (lastSaid.get(record.text) ?? 0) < quietMs) return
    lastSaid.set(record.text, now)
    say(`${name}: ${record.text}`)
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

function parseRecord(line: string): { level: number; text: string } | undefined {
  try {
    const record = JSON.parse(line) as { level?: unknown; msg?: unknown; event?: unknown }
    if (typeof record?.level !== 'number') return undefined
    return { level: record.level, text: String(record.msg ?? record.event ?? 'warning') }
  } catch {
    return undefined
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
