import { existsSync } from 'node:fs'
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/** It asks nobody outside for anything: no updates, no suggestions, no sync. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The Chromium of this machine (or of CHROMIUM_PATH), else the one that came from the npm registry. */
export async function launchBrowser(): Promise<Browser> {
  const installed = [process.env.CHROMIUM_PATH ?? '', ...usual].find((file) => existsSync(file))
  return chromium.launch({
    executablePath: installed ?? (await sparticuz.executablePath()),
    args: quiet,
  })
}
