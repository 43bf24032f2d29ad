import { type ProfilePaths, profilePaths } from './profile/paths.ts'
import type { GlobalOptions } from './program.ts'
import type { Terminal } from './terminal.ts'
import { asciiMarks, type Marks, unicodeMarks } from './text/marks.ts'
import { type Paint, paintFor } from './text/style.ts'

/** The options of the command line, after the environment filled in what was not given. */
export interface Settings {
  readonly paths: ProfilePaths
  readonly server: string | undefined
  readonly passwordFile: string | undefined
  readonly isJson: boolean
  readonly isPlain: boolean
  /** Line by line, though there is a window that could be filled. */
  readonly isLines: boolean
  readonly marks: Marks
  /** False where the person wants none. */
  readonly hasColour: boolean
  readonly paint: Paint
}

export const usualServer = 'http://127.0.0.1:7680'

export function settingsFrom(options: GlobalOptions, { env, output }: Terminal): Settings {
  // The variable by which programs of this kind learn of a screen reader.
  const isRead = env.TERM === 'dumb' || env.INK_SCREEN_READER === 'true'
  return {
    paths: profilePaths(env, options.profile ?? filled(env.FASTCHAT_PROFILE) ?? 'default'),
    server: options.server ?? filled(env.FASTCHAT_SERVER),
    passwordFile: options.passwordFile ?? filled(env.FASTCHAT_PASSWORD_FILE),
    isJson: options.json,
    isPlain: options.plain || isRead,
    isLines: options.lines,
    marks: options.ascii ? asciiMarks : unicodeMarks,
    hasColour: options.color && !filled(env.NO_COLOR),
    paint: paintFor(output, options.color ? env : { ...env, NO_COLOR: '1' }),
  }
}

/** A variable that is set to nothing counts as not set. */
function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
