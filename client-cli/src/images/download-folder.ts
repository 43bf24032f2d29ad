import { readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Terminal } from '../terminal.ts'

/** Where programs of this person put what they fetch: as the desktop says, else `Downloads`. */
export async function downloadFolder(env: Terminal['env']): Promise<string> {
  const home = filled(env.HOME) ?? os.homedir()
  const named = filled(env.XDG_DOWNLOAD_DIR) ?? (await fromUserDirs(env, home))
  const folder = named?.replace(/^\$HOME(?=\/|$)/, home)
  // A relative one would mean another folder for each place the program is started in.
  return folder !== undefined && path.isAbsolute(folder) ? folder : path.join(home, 'Downloads')
}

/** The file in which the XDG desktops keep it: `XDG_DOWNLOAD_DIR="$HOME/Downloads"`. */
async function fromUserDirs(env: Terminal['env'], home: string): Promise<string | undefined> {
  const config = filled(env.XDG_CONFIG_HOME) ?? path.join(home, '.config')
  const text = await readFile(path.join(config, 'user-dirs.dirs'), 'utf8').catch(() => '')
  return /^\s*XDG_DOWNLOAD_DIR="([^"]+)"/m.exec(text)?.[1]
}

function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
