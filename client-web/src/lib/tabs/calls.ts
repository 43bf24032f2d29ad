import type { ChatClient, FileOf, FileToSend, NewGroup, SignUpOptions } from '@fastchat/client-core'

/**
 * What a tab may ask of the one client that all tabs share, by name, so that it can be asked over
 * a channel as well. Arguments and answers are plain data.
 */
export const calls = {
  signUp: (client: ChatClient, options: SignUpOptions) => client.signUp(options),
  signIn: (client: ChatClient, options: SignUpOptions) => client.signIn(options),
  signOut: (client: ChatClient, options: { readonly forget: boolean }) => client.signOut(options),
  reconnect: async (client: ChatClient) => client.connect(),
  send: (client: ChatClient, to: string, text: string) => client.send(to, { text }),
  sendFile: (client: ChatClient, to: string, file: FileToSend) => client.sendFile(to, file),
  readFile: (client: ChatClient, which: FileOf) => client.readFile(which),
  deliveries: (client: ChatClient, id: string) => client.deliveries(id),
  groups: (client: ChatClient) => client.groups.list(),
  createGroup: (client: ChatClient, group: NewGroup) => client.groups.create(group),
  addToGroup: (client: ChatClient, id: string, names: readonly string[]) =>
    client.groups.add(id, names),
  kick: (client: ChatClient, id: string, name: string) => client.groups.kick(id, name),
  leaveGroup: (client: ChatClient, id: string) => client.groups.leave(id),
  handOver: (client: ChatClient, id: string, name: string) => client.groups.handOver(id, name),
  promote: (client: ChatClient, id: string, name: string) => client.groups.promote(id, name),
  demote: (client: ChatClient, id: string, name: string) => client.groups.demote(id, name),
  renameGroup: (client: ChatClient, id: string, name: string) => client.groups.rename(id, name),
  deleteGroup: (client: ChatClient, id: string) => client.groups.delete(id),
  sendAgain: (client: ChatClient, id: string) => client.sendAgain(id),
  conversations: (client: ChatClient) => client.conversations(),
  history: (
    client: ChatClient,
    who: string,
    page: { readonly before?: string; readonly limit?: number },
  ) => client.history(who, page),
  lookUp: (client: ChatClient, name: string) => client.lookUp(name),
  search: (client: ChatClient, prefix: string) => client.search(prefix),
  safetyNumber: (client: ChatClient, name: string) => client.safetyNumber(name),
  verify: (client: ChatClient, name: string) => client.verify(name),
  acceptKey: (client: ChatClient, name: string) => client.acceptKey(name),
  devices: (client: ChatClient) => client.devices(),
  revokeDevice: (client: ChatClient, id: string, password: string) =>
    client.revokeDevice(id, { password }),
  servers: (client: ChatClient) => client.servers(),
  people: (client: ChatClient) => client.local.people(),
  apiAccess: (client: ChatClient, sample?: { readonly to: string; readonly text: string }) =>
    client.apiAccess(sample),
  sealed: (client: ChatClient, id: string) => client.local.sealed(id),
  note: (client: ChatClient, name: string) => client.local.note(name),
  keepNote: (client: ChatClient, name: string, text: string) => client.local.keepNote(name, text),
}

export type CallName = keyof typeof calls

type Call<Name extends CallName> = (typeof calls)[Name]
export type CallArguments<Name extends CallName> =
  Parameters<Call<Name>> extends [ChatClient, ...infer Rest] ? Rest : never
export type CallAnswer<Name extends CallName> = ReturnType<Call<Name>>

/** The same calls without the client: what every tab has, wherever the client is. */
export type Calls = {
  readonly [Name in CallName]: (...args: CallArguments<Name>) => CallAnswer<Name>
}

/** A table of calls that hands each to `ask`. */
export function callsThrough(
  ask: (name: CallName, args: readonly unknown[]) => Promise<unknown>,
): Calls {
  const names = Object.keys(calls) as CallName[]
  const entries = names.map((name) => [name, (...args: unknown[]) => ask(name, args)])
  return Object.fromEntries(entries) as Calls
}

export function callOn(
  client: ChatClient,
  name: CallName,
  args: readonly unknown[],
): Promise<unknown> {
  const call = calls[name] as (client: ChatClient, ...args: readonly unknown[]) => Promise<unknown>
  return call(client, ...args)
}
