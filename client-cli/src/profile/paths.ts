import path from 'node:path'
import envPaths from 'env-paths'
import { Failure } from '../failure.ts'
import type { Terminal } from '../terminal.ts'

/** Where one profile lives. Several profiles are several people, or several devices of one. */
export interface ProfilePaths {
  readonly profile: string
  readonly config: string
  readonly data: string
  readonly keyFile: string
  readonly store: string
}

export function profilePaths(env: Terminal['env'], profile: string): ProfilePaths {
  // It becomes the name of a folder, and of nothing outside it.
  if (!/^[a-z0-9][a-z0-9_.-]{0,63}$/i.test(profile)) {
    throw new Failure(
      'usage',
      'A profile is named with letters, digits and the signs _ . - only, for example alice.',
    )
  }
  const { config, data } = baseFolders(env)
  const configFolder = path.join(config, 'profiles', profile)
  const dataFolder = path.join(data, 'profiles', profile)
  return {
    profile,
    config: configFolder,
    data: dataFolder,
    keyFile: path.join(configFolder, 'key.json'),
    store: path.join(dataFolder, 'store.sqlite'),
  }
}

function baseFolders(env: Terminal['env']): { readonly config: string; readonly data: string } {
  const home = env.FASTCHAT_HOME
  if (home === undefined || home === '') return envPaths('fastchat', { suffix: '' })
  return { config: path.join(home, 'config'), data: path.join(home, 'data') }
}
