// The arrows of the architecture, as a table. An area may use itself, what its row names, and nothing else of ours.

export type Area = {
  readonly name: string
  /** The files of the area: the first row whose pattern matches a path has it. */
  readonly files: RegExp
  readonly uses: readonly string[]
  /** Used only through `import type`: the instances are handed in. */
  readonly usesTypesOf?: readonly string[]
  /** May read the environment, arguments and signals. */
  readonly readsProcess?: true
}

export const everything = '*'

export const areas: readonly Area[] = [
  // Tests and the fakes they share may reach for anything; the areas below may not reach for them.
  {
    name: 'tests',
    files: /^(tests|bench)\/|\.(test|contract)\.ts$|\/testing\//,
    uses: [everything],
    readsProcess: true,
  },
  { name: 'tools', files: /^tools\//, uses: [everything], readsProcess: true },

  {
    name: 'server/main',
    files: /^server\/src\/main\.ts$/,
    uses: [
      'server/app',
      'server/domain',
      'server/faults',
      'server/settings',
      'server/observability',
    ],
    readsProcess: true,
  },
  {
    name: 'server/app',
    files: /^server\/src\/app(\.ts|\/)/,
    uses: [
      'server/transport',
      'server/schema',
      'server/domain',
      'server/store',
      'server/bus',
      'server/faults',
      'server/settings',
      'server/observability',
    ],
  },
  {
    name: 'server/transport',
    files: /^server\/src\/transport\//,
    uses: ['server/schema', 'server/domain', 'server/faults', 'server/observability'],
    usesTypesOf: ['server/store', 'server/bus', 'server/settings'],
  },
  {
    name: 'server/schema',
    files: /^server\/src\/schema\//,
    uses: ['server/domain', 'server/generated/pothos', 'server/observability'],
    usesTypesOf: ['server/store', 'server/generated/prisma'],
  },
  {
    name: 'server/domain',
    files: /^server\/src\/domain\//,
    uses: ['server/observability'],
    usesTypesOf: ['server/store', 'server/bus'],
  },
  // Telling a lost database from a defect, which whoever answers a person has to do.
  { name: 'server/faults', files: /^server\/src\/store\/is-database-unavailable\.ts$/, uses: [] },
  {
    name: 'server/store',
    files: /^server\/src\/store\//,
    uses: ['server/generated/prisma', 'server/faults', 'server/ids', 'server/observability'],
  },
  {
    name: 'server/bus',
    files: /^server\/src\/bus\//,
    uses: ['server/ids', 'server/observability'],
  },
  { name: 'server/ids', files: /^server\/src\/uuid-bytes\.ts$/, uses: [] },
  {
    name: 'server/observability',
    files: /^server\/src\/observability\//,
    uses: [],
    usesTypesOf: ['server/domain'],
  },
  {
    name: 'server/settings',
    files: /^server\/src\/(config|secrets)\.ts$/,
    uses: ['server/domain', 'server/observability'],
  },
  {
    name: 'server/generated/pothos',
    files: /^server\/src\/generated\/pothos\.ts$/,
    uses: ['server/generated/prisma'],
  },
  { name: 'server/generated/prisma', files: /^server\/src\/generated\/prisma\//, uses: [] },
  // Hands out the operator's page. It is given no database and no secret.
  {
    name: 'server/dashboard',
    files: /^server\/src\/dashboard\//,
    uses: ['server/transport'],
    readsProcess: true,
  },
  { name: 'server/supervisor', files: /^server\/src\/supervisor\//, uses: [], readsProcess: true },

  {
    name: 'client-core/chat-client',
    files: /^client-core\/src\/(chat-client(\.ts|\/)|index\.ts$)/,
    uses: [
      'client-core/sync',
      'client-core/crypto',
      'client-core/api',
      'client-core/storage',
      'client-core/base',
    ],
  },
  {
    name: 'client-core/sync',
    files: /^client-core\/src\/sync\//,
    uses: ['client-core/crypto', 'client-core/api', 'client-core/storage', 'client-core/base'],
  },
  { name: 'client-core/crypto', files: /^client-core\/src\/crypto\//, uses: ['client-core/base'] },
  { name: 'client-core/api', files: /^client-core\/src\/api\//, uses: ['client-core/base'] },
  {
    name: 'client-core/storage',
    files: /^client-core\/src\/storage\//,
    uses: ['client-core/base'],
  },
  { name: 'client-core/base', files: /^client-core\/src\/[^/]+\.ts$/, uses: [] },

  {
    name: 'client-cli/main',
    files: /^client-cli\/(src\/main\.ts$|bin\/)/,
    uses: ['client-cli'],
    readsProcess: true,
  },
  { name: 'client-cli', files: /^client-cli\/src\//, uses: [] },

  {
    name: 'client-web/routes',
    files: /^client-web\/src\/routes\//,
    uses: ['client-web/components', 'client-web/chat', 'client-web/look'],
  },
  {
    name: 'client-web/components',
    files: /^client-web\/src\/lib\/components\//,
    uses: ['client-web/chat', 'client-web/files', 'client-web/text', 'client-web/look'],
  },
  {
    name: 'client-web/chat',
    files: /^client-web\/src\/lib\/chat\//,
    uses: ['client-web/tabs', 'client-web/files', 'client-web/text'],
  },
  {
    name: 'client-web/tabs',
    files: /^client-web\/src\/lib\/tabs\//,
    uses: ['client-web/storage'],
  },
  { name: 'client-web/storage', files: /^client-web\/src\/lib\/storage\//, uses: [] },
  {
    name: 'client-web/files',
    files: /^client-web\/src\/lib\/files\//,
    uses: ['client-web/text'],
  },
  { name: 'client-web/text', files: /^client-web\/src\/lib\/text\//, uses: [] },
  { name: 'client-web/look', files: /^client-web\/src\/lib\/look\//, uses: [] },
  { name: 'client-web/service-worker', files: /^client-web\/src\/service-worker\//, uses: [] },
  { name: 'client-web/config', files: /^client-web\/vite\.config\.ts$/, uses: [] },

  {
    name: 'dashboard/routes',
    files: /^dashboard\/src\/routes\//,
    uses: ['dashboard/components', 'dashboard/ops'],
  },
  {
    name: 'dashboard/components',
    files: /^dashboard\/src\/lib\/components\//,
    uses: ['dashboard/ops', 'dashboard/text'],
    usesTypesOf: ['dashboard/api'],
  },
  {
    name: 'dashboard/ops',
    files: /^dashboard\/src\/lib\/ops\//,
    uses: ['dashboard/api', 'dashboard/text'],
  },
  { name: 'dashboard/api', files: /^dashboard\/src\/lib\/api\//, uses: [] },
  { name: 'dashboard/text', files: /^dashboard\/src\/lib\/text\//, uses: [] },
  { name: 'dashboard/config', files: /^dashboard\/vite\.config\.ts$/, uses: [] },
]

/** Packages that only some areas may import. */
export const packageOwners: readonly {
  readonly packages: RegExp
  readonly owners: RegExp
  /** May import types of it, and nothing that runs. */
  readonly typeOwners?: RegExp
}[] = [
  { packages: /^@prisma\//, owners: /^server\/(store|generated\/.*)$/ },
  { packages: /^pg$/, owners: /^server\/(store|bus)$/ },
  // What an operation costs is counted before it runs, where it is refused.
  { packages: /^@pothos\/plugin-complexity$/, owners: /^server\/(schema|transport)$/ },
  { packages: /^@pothos\//, owners: /^server\/(schema|generated\/pothos)$/ },
  { packages: /^graphql-yoga$|^@graphql-yoga\//, owners: /^server\/transport$/ },
  { packages: /^ws$/, owners: /^server\/(transport|bus)$/ },
  { packages: /^graphql-ws/, owners: /^(server\/transport|client-core\/api|dashboard\/api)$/ },
  {
    packages: /^(@urql\/|gql\.tada|@0no-co\/)/,
    owners: /^(client-core|dashboard)\/api$/,
  },
  { packages: /^uplot/, owners: /^dashboard\/components$/ },
  {
    packages: /^@fastchat\/client-core/,
    owners: /^client-cli|^client-web\/(chat|tabs|files)$/,
    typeOwners: /^client-web\/(components|storage|text)$/,
  },
  { packages: /^idb$/, owners: /^client-web\/storage$/ },
  { packages: /^(bits-ui|@lucide\/)/, owners: /^client-web\/components$|^dashboard/ },
  { packages: /^@fastchat\/server/, owners: /^$/ },
  // The client core runs in browsers as well.
  { packages: /^node:/, owners: /^(server|client-cli)(\/|$)/ },
]

/** Code that computes and does nothing else: what would let it reach the world is refused by name. */
export const pureArea = 'client-core/crypto'
export const worldlyNames: ReadonlySet<string> = new Set([
  'fetch',
  'WebSocket',
  'XMLHttpRequest',
  'indexedDB',
  'localStorage',
  'console',
])
