import type { Terminal } from '../terminal.ts'

/** How pictures are shown here. */
export type ImageProtocol = 'kitty' | 'iterm' | 'blocks' | 'none'

const protocols: readonly ImageProtocol[] = ['kitty', 'iterm', 'blocks', 'none']

export interface ImageSight {
  readonly env: Terminal['env']
  /** False for pipes, screen readers and where nobody wants signs outside ASCII. */
  readonly canDraw: boolean
}

/** What the terminal says it can, or what the person says: `FASTCHAT_IMAGES`. */
export function imageProtocol({ env, canDraw }: ImageSight): ImageProtocol {
  if (!canDraw) return 'none'
  const wanted = protocols.find((protocol) => protocol === env.FASTCHAT_IMAGES?.toLowerCase())
  if (wanted !== undefined) return wanted
  // tmux and screen pass on the variables of the terminal around them, but not its pictures.
  if (env.TMUX || env.STY) return blocks(env)
  const { TERM = '', TERM_PROGRAM = '', LC_TERMINAL = '' } = env
  if (env.KITTY_WINDOW_ID || TERM === 'xterm-kitty' || TERM === 'xterm-ghostty') return 'kitty'
  if (TERM_PROGRAM === 'ghostty' || TERM_PROGRAM === 'WezTerm') return 'kitty'
  if (TERM_PROGRAM === 'iTerm.app' || LC_TERMINAL === 'iTerm2') return 'iterm'
  return blocks(env)
}

/** Blocks are nothing without colours. */
function blocks(env: Terminal['env']): ImageProtocol {
  return env.NO_COLOR || env.TERM === 'dumb' ? 'none' : 'blocks'
}
