import { CommanderError } from 'commander'
import { describeFailure } from './describe-failure.ts'
import { type Exit, exitCode } from './exit-codes.ts'
import { buildProgram, type Handlers } from './program.ts'
import type { Terminal } from './terminal.ts'
import { safeText } from './text/safe-text.ts'

const version = '0.1.0'

/** Runs one command line. Returns the exit code, does not throw, whatever happens. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exit: Exit = 'ok'
  const handlers: Handlers = {
    async chat(options) {
      const { openChat } = await import('./chat/open-chat.ts')
      exit = await openChat(terminal, options)
    },
    async send(name, text, options) {
      const { sendOnce } = await import('./oneshot/send-once.ts')
      exit = await sendOnce(terminal, { name, text, options })
    },
    async listen(options) {
      const { listen } = await import('./oneshot/listen.ts')
      exit = await listen(terminal, options)
    },
    async signUp(options) {
      const { joinOnce } = await import('./oneshot/join-once.ts')
      await joinOnce(terminal, 'sign-up', options)
    },
    async signIn(options) {
      const { joinOnce } = await import('./oneshot/join-once.ts')
      await joinOnce(terminal, 'sign-in', options)
    },
    async signOut(options) {
      const { signOut } = await import('./oneshot/sign-out.ts')
      await signOut(terminal, options)
    },
    async devices(options) {
      const { showDevices } = await import('./oneshot/show-devices.ts')
      await showDevices(terminal, options)
    },
    async revoke(device, options) {
      const { revoke } = await import('./oneshot/revoke.ts')
      await revoke(terminal, device, options)
    },
    async top(options) {
      const { showTop } = await import('./operations/show-top.ts')
      await showTop(terminal, options)
    },
    async operator(name, options) {
      const { printOperatorToken } = await import('./operations/print-operator-token.ts')
      await printOperatorToken(terminal, name, options)
    },
    async servers(options) {
      const { showServers } = await import('./oneshot/show-servers.ts')
      await showServers(terminal, options)
    },
    async who(name, options) {
      const { showPerson } = await import('./oneshot/show-person.ts')
      await showPerson(terminal, name, options)
    },
    async group(action, names, options) {
      const { groupOnce } = await import('./oneshot/group-once.ts')
      await groupOnce(terminal, { action, names, options })
    },
    async token(options) {
      const { showToken } = await import('./oneshot/api-access.ts')
      await showToken(terminal, options)
    },
    async playground({ to, ...options }) {
      const { showPlayground } = await import('./oneshot/api-access.ts')
      await showPlayground(terminal, { to, options })
    },
    async sendFile(name, path, options) {
      const { sendFileOnce } = await import('./oneshot/send-file-once.ts')
      exit = await sendFileOnce(terminal, { name, path, ...options })
    },
    async save(name, number, options) {
      const { saveOnce } = await import('./oneshot/save-once.ts')
      await saveOnce(terminal, { name, number, options })
    },
    async completion(shell) {
      const [{ completionScript }, { commandLineDocs }] = await Promise.all([
        import('./docs/completions.ts'),
        import('./docs/command-line.ts'),
      ])
      terminal.output.write(completionScript(shell, commandLineDocs()))
    },
    async paths(options) {
      const { showPaths } = await import('./oneshot/show-paths.ts')
      showPaths(terminal, options)
    },
  }
  const program = buildProgram(version, handlers, {
    writeOut: (text) => terminal.output.write(text),
    writeErr: (text) => terminal.talk.write(safeText(text)),
    getOutHelpWidth: () => terminal.output.columns ?? 100,
    getErrHelpWidth: () => terminal.talk.columns ?? 100,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    exit = complain(error, terminal)
  }
  return exitCode(terminal.interrupted.aborted ? 'interrupted' : exit)
}

function complain(error: unknown, terminal: Terminal): Exit {
  // Commander has said what it had to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'ok' : 'usage'
  const { exit, message } = describeFailure(error)
  if (message !== '') terminal.talk.write(`${safeText(message)}\n`)
  return exit
}
