import { signOut } from '../domain/identity/sign-out.ts'
import { builder } from './builder.ts'

const SignOutPayload = builder
  .objectRef<{ readonly signedOut: boolean }>('SignOutPayload')
  .implement({
    description: 'The session has ended, and its sockets are closed within two seconds.',
    fields: (t) => ({
      signedOut: t.exposeBoolean('signedOut', { description: 'Always true.' }),
    }),
  })

builder.mutationField('signOut', (t) =>
  t.withAuth({ signedIn: true }).field({
    type: SignOutPayload,
    description: "Ends the viewer's own session and no other. The device stays registered.",
    errors: {},
    resolve: (_root, _args, { deps, viewer }) => signOut(deps, viewer),
  }),
)
