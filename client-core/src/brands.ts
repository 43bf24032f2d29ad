/** Bytes that WebCrypto accepts: never backed by shared memory, which another thread could change. */
export type Bytes = Uint8Array<ArrayBuffer>

declare const brand: unique symbol
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** What a person wrote. Nothing that talks to a server accepts this type, so it cannot leave. */
export type Plaintext = Brand<Bytes, 'Plaintext'>

/** Ciphertext. Only `crypto/` makes one, so what is posted has been through it. */
export type Sealed = Brand<Bytes, 'Sealed'>

/** A username that passed `normalizeUsername`: lower case, the form all signed data uses. */
export type Username = Brand<string, 'Username'>
