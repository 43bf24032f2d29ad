import { builder } from './builder.ts'

export const DeviceRef = builder.prismaNode('Device', {
  id: { field: 'id', description: 'Opaque: for node(id:).' },
  nullable: true,
  description: 'An installed client with keys of its own and one mailbox.',
  fields: (t) => ({
    deviceId: t.exposeID('id', { description: 'The UUID that the device list names it by.' }),
    name: t.exposeString('name', {
      description: 'What its owner calls it, at most 64 characters. Shown to contacts.',
    }),
    encryptionKey: t.expose('encryptionKey', {
      type: 'Bytes',
      description:
        'RSA-OAEP-3072 public key as SPKI, 422 bytes. Trust only the signed device list.',
    }),
    signingKey: t.expose('signingKey', {
      type: 'Bytes',
      description: 'Ed25519 public key, 32 bytes. Trust only the signed device list.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was registered.',
    }),
  }),
})
