import { Failure } from '../failure.ts'
import { hasKeyFile, type OpenedKeyFile, openKeyFile } from '../profile/key-file.ts'
import { passwordSource } from '../profile/password.ts'
import { prompterFor } from '../screen/prompter.ts'
import type { Settings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

export type Unlocked = Extract<OpenedKeyFile, { kind: 'opened' }> & { readonly password: string }

/** As often as the seed allowed. */
export const tries = 3

/** Opens the key file of the profile. Returns `undefined` if the profile has none yet. */
export async function unlock(
  terminal: Terminal,
  { paths, passwordFile }: Settings,
  { isInputTaken = false }: { readonly isInputTaken?: boolean } = {},
): Promise<Unlocked | undefined> {
  // Before the password is asked for: whoever has no keys has no use for it.
  if (!(await hasKeyFile(paths.keyFile))) return undefined
  const prompter = prompterFor(terminal)
  const source = await passwordSource(terminal, prompter, { passwordFile, isInputTaken })
  for (let left = source.kind === 'ask' ? tries : 1; left > 0; left--) {
    const password =
      source.kind === 'given'
        ? source.password
        : await prompter.askSecret(`Password of profile ${paths.profile}: `)
    const opened = await openKeyFile(paths.keyFile, password)
    if (opened.kind === 'none') return undefined
    if (opened.kind === 'opened') return { ...opened, password }
    if (left > 1) prompter.say(`That is not the password. ${triesLeft(left - 1)}`)
  }
  throw new Failure('failed', 'That is not the password of this profile. Nothing was changed.')
}

export function triesLeft(count: number): string {
  return count === 1 ? '1 try is left.' : `${count} tries are left.`
}
