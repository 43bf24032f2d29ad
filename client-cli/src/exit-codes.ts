/** What a script learns from a command. Numbers are permanent; docs/cli.md prints this table. */
export const exitCodes = {
  ok: { code: 0, meaning: 'It worked.' },
  failed: { code: 1, meaning: 'It failed; the reason is on stderr.' },
  usage: { code: 2, meaning: 'The command line was wrong, or something it needs was not given.' },
  unreachable: { code: 3, meaning: 'No server could be reached.' },
  untrusted: { code: 4, meaning: 'The key of the other person changed and was not accepted.' },
  'rate-limited': { code: 5, meaning: 'Too many attempts; stderr says when to try again.' },
  'not-signed-in': { code: 6, meaning: 'Nobody is signed in with this profile.' },
  'not-delivered': { code: 7, meaning: 'Stored, but not delivered in the time given.' },
  expired: { code: 8, meaning: 'Nobody fetched the message in time; it was deleted.' },
  interrupted: { code: 130, meaning: 'Ctrl+C.' },
} as const satisfies Readonly<Record<string, { readonly code: number; readonly meaning: string }>>

export type Exit = keyof typeof exitCodes

export function exitCode(exit: Exit): number {
  return exitCodes[exit].code
}
