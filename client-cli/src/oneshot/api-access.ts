import { playgroundLink } from '@fastchat/client-core'
import { openConnected } from '../account/open-connected.ts'
import { findOperatorToken, type OperatorOptions } from '../operations/operator-token.ts'
import type { GlobalOptions, TokenOptions } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

const sampleText = 'Hello from the playground.'

/** `fastchat token`: for scripts that speak to the API themselves. */
export async function showToken(
  terminal: Terminal,
  options: GlobalOptions & TokenOptions,
): Promise<void> {
  const settings = settingsFrom(options, terminal)
  await using open = await openConnected(terminal, settings)
  const { url, token, attachmentId } = await open.client.apiAccess()
  const json = JSON.stringify({ url, token, attachmentId })
  const variables = `URL=${url}\nTOKEN=${token}\nATTACHMENT=${attachmentId}`
  const plain = options.env ? variables : token
  terminal.output.write(`${settings.isJson ? json : plain}\n`)
  terminal.talk.write('Whoever has this token acts as you until you sign out on this device.\n')
}

interface PlaygroundRequest {
  readonly to?: string | undefined
  readonly options: GlobalOptions & OperatorOptions
}

/** `fastchat playground`: a link to the example tabs with everything they need filled in. */
export async function showPlayground(
  terminal: Terminal,
  { to, options }: PlaygroundRequest,
): Promise<void> {
  const settings = settingsFrom(options, terminal)
  // First, since a file that cannot be read is found out at once.
  const operatorToken = await findOperatorToken(options, terminal)
  await using open = await openConnected(terminal, settings)
  const { client } = open
  const access = await client.apiAccess(to === undefined ? undefined : { to, text: sampleText })
  const link = playgroundLink(access, to ?? client.username ?? '', operatorToken)
  terminal.output.write(`${settings.isJson ? JSON.stringify({ url: link }) : link}\n`)
  terminal.talk.write(
    'The link holds a token: whoever has it acts as you. The next chat here takes the inbox back.\n',
  )
}
