import { getViewer, type OwnAccount } from '../domain/identity/get-viewer.ts'
import { limits } from '../domain/limits.ts'
import { AccountRef } from './account.ts'
import { builder } from './builder.ts'
import { DeviceRef } from './device.ts'

export const ViewerRef = builder.objectRef<OwnAccount>('Viewer').implement({
  description: 'Who is asking, with what only they may see.',
  fields: (t) => ({
    account: t.field({
      type: AccountRef,
      description: 'The own account, as everybody sees it.',
      resolve: ({ account }) => account,
    }),
    device: t.field({
      type: DeviceRef,
      nullable: true,
      description: 'The device of this session; null until it is registered.',
      resolve: ({ device }) => device,
    }),
    vault: t.field({
      type: 'Bytes',
      description: `Opaque to the server. The identity key, sealed under a key only the password yields; at most ${limits.vaultBytes} bytes.`,
      resolve: ({ account }) => account.vault,
    }),
    vaultVersion: t.int({
      description: 'The version of the vault; a client refuses one lower than it has seen.',
      resolve: ({ account }) => account.vaultVersion,
    }),
  }),
})

builder.queryField('me', (t) =>
  t.withAuth({ signedIn: true }).field({
    type: ViewerRef,
    description: 'The viewer. Needs a session, with or without a device.',
    resolve: (_root, _args, { deps, viewer }) => getViewer(deps, viewer),
  }),
)
