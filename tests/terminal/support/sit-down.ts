import { openPty, type Pty } from './pty.ts'

export const passphrase = 'correct horse battery'

/** Starts the program in a terminal, for somebody who was never here, and signs up by its questions. */
export async function sitDown(name: string, server: string): Promise<Pty> {
  const pty = await openPty(['--plain'], { server })
  await pty.sees(/1 new account, 2 sign in/)
  pty.enter('1')
  await pty.sees(/Name:/)
  pty.enter(name)
  await pty.sees(/Password .*:/)
  pty.enter(passphrase)
  await pty.sees(/once more:/)
  pty.enter(passphrase)
  await pty.sees(/Connected to server/)
  return pty
}
