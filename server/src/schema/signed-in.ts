import type { SignedIn } from '../domain/identity/finish-sign-up.ts'
import { builder } from './builder.ts'
import { ViewerRef } from './viewer.ts'

export const SignedInPayloadRef = builder.objectRef<SignedIn>('SignedInPayload').implement({
  description: 'A new session.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description: 'The bearer token, 43 characters. Given out this once; keep it secret.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When the session ends by itself, 30 days from now.',
    }),
    viewer: t.field({
      type: ViewerRef,
      description: 'Whose session it is.',
      resolve: ({ account, device }) => ({ account, device }),
    }),
  }),
})
