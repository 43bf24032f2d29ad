#!/usr/bin/env node
// Runs the client with a Node that is new enough: this one, or the one that came with the packages.
import { spawn } from 'node:child_process'
import module from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeBinary, root } from '../../tools/bootstrap.mjs'

const main = new URL('../src/main.ts', import.meta.url)
// Not the default, which is a folder that others can write to.
const compileCache = path.join(root, 'node_modules', '.cache', 'node')
const node = pickNode()

if (node === process.execPath) {
  module.enableCompileCache(compileCache)
  await import(main.href)
} else if (node !== undefined) {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
  })
  // The terminal sends Ctrl+C to the child as well, which decides what it means.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + os.constants.signals[signal]
  })
}

function pickNode() {
  try {
    return nodeBinary()
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
    return undefined
  }
}
