import type { ChatApi } from '../api/chat-api.ts'
import { type ChatClient, openChatClient } from '../chat-client.ts'
import { createDeviceList } from '../crypto/device-list-changes.ts'
import type { Storage } from '../storage/storage.ts'
import type { ChatMessage } from '../sync/message-view.ts'
import { type FakeClock, fakeClock, seededRandom } from './fake-clock.ts'
import { FakeService } from './fake-service.ts'
import { type Installed, install } from './installed.ts'
import { type PersonName, person } from './vectors/people.ts'

export interface World {
  readonly clock: FakeClock
  readonly service: FakeService
}

export function newWorld(): World {
  const clock = fakeClock()
  return { clock, service: new FakeService({ clock }) }
}

/** Somebody with one device, whose keys come from a file, signed in at the fake service. */
export async function installed({ service }: World, name: PersonName): Promise<Installed> {
  const { username, identity, devices } = await person(name)
  const [device] = devices
  const signedList = await createDeviceList(identity, username, device)
  return install({ service, username, deviceId: device.id, keys: device.keys, signedList })
}

/** Somebody with two devices, both signed in. */
export async function installedTwice({ service }: World, name: PersonName) {
  const { username, devices, signedList } = await person(name)
  const [first, second] = devices
  if (second === undefined)
    throw new Error(`"name" expected somebody with two devices, got ${name}`)
  const at = ({ id, keys }: typeof first) =>
    install({ service, username, deviceId: id, keys, signedList })
  return [await at(first), await at(second)] as const
}

/** Opened again from what lies on its disk, and signed in. */
export async function reopened(
  { clock, service }: World,
  { storage, keys }: Installed,
  life: { readonly api?: ChatApi; readonly storage?: Storage } = {},
): Promise<ChatClient> {
  const client = await openChatClient({
    url: 'http://fake',
    keys,
    storage,
    api: service,
    clock,
    random: seededRandom(1),
    ...life,
  })
  await client.resume()
  return client
}

export async function startClient(world: World, name: PersonName): Promise<ChatClient> {
  return reopened(world, await installed(world, name))
}

export function textOf(message: ChatMessage): string {
  return message.kind === 'text' ? message.text : `(${message.kind})`
}

export async function texts(client: ChatClient, who: string): Promise<readonly string[]> {
  return (await client.history(who)).map(textOf)
}
