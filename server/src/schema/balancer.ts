import { historyLength, type PingSample } from '../domain/balancing/ping-record.ts'
import type { RankedServer } from '../domain/balancing/rank-servers.ts'
import { builder } from './builder.ts'

const ServerState = builder.enumType('ServerState', {
  description: 'Whether a server can be used. Clients must tolerate new members.',
  values: {
    UP: { description: 'Answers pings and takes connections.' },
    DRAINING: { description: 'Is being stopped: go elsewhere.' },
    DOWN: { description: 'Does not answer, or its database does not.' },
  },
})

const PingSampleRef = builder.objectRef<PingSample>('PingSample').implement({
  description: 'One ping, sent through the event loop and the database pool of a server.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When the answer came, or did not.' }),
    pingMs: t.exposeFloat('pingMs', {
      nullable: true,
      description: 'Milliseconds until the answer; null when there was none within a second.',
    }),
  }),
})

const RankedServerRef = builder.objectRef<RankedServer>('RankedServer').implement({
  description: 'A server as the balancer sees it.',
  fields: (t) => ({
    // Not a Relay id: people know the servers by their numbers.
    id: t.exposeInt('id', { description: 'The number of the server, 1 or more.' }),
    url: t.exposeString('url', {
      description: 'Where it is: add /graphql, by https for requests and by wss for a socket.',
    }),
    state: t.expose('state', { type: ServerState, description: 'Whether it can be used.' }),
    rank: t.exposeInt('rank', {
      nullable: true,
      description: '1 is the best. Null when the server cannot be used: do not connect to it.',
    }),
    pingMs: t.exposeFloat('pingMs', {
      nullable: true,
      description: 'The smoothed ping in milliseconds; null when the last one went unanswered.',
    }),
    score: t.exposeFloat('score', {
      nullable: true,
      description:
        'What the rank is made from, in milliseconds: ping, load and recent picks together. Less is better.',
    }),
    sockets: t.exposeInt('sockets', { description: 'Sockets that are open there.' }),
    recentPicks: t.exposeInt('recentPicks', {
      description: 'Clients that were sent there in the last two seconds.',
    }),
    pingHistory: t.field({
      type: [PingSampleRef],
      description: 'The latest pings, oldest first, one a second.',
      args: {
        last: t.arg.int({ defaultValue: 60, description: `How many, at most ${historyLength}.` }),
      },
      complexity: { field: 1, multiplier: 10 },
      resolve: ({ pingHistory }, { last }) =>
        pingHistory.slice(-Math.min(Math.max(last ?? 60, 1), historyLength)),
    }),
    version: t.exposeString('version', { description: 'The version of FastChat that runs there.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it started.' }),
  }),
})

const BalancerRef = builder
  .objectRef<{ servers: readonly RankedServer[]; measuredAt: Date }>('Balancer')
  .implement({
    description: 'Which server to use.',
    fields: (t) => ({
      servers: t.field({
        type: [RankedServerRef],
        description:
          'Every server, the best first. Those with a rank can be used: keep the list and try them in order.',
        resolve: ({ servers }) => [...servers],
      }),
      measuredAt: t.expose('measuredAt', {
        type: 'DateTime',
        description: 'When the servers were last pinged.',
      }),
    }),
  })

builder.queryFields((t) => ({
  balancer: t.field({
    type: BalancerRef,
    description:
      'The servers, ranked. Needs no sign-in. Asking counts as one arrival at the best server, so that many who ask at once are spread.',
    resolve: (_query, _args, { deps }) => deps.balancer.pick(),
  }),
  fastestServer: t.field({
    type: RankedServerRef,
    nullable: true,
    description:
      'The best server for a client that connects now; null when none can be used. Needs no sign-in.',
    resolve: async (_query, _args, { deps }) => {
      const { servers } = await deps.balancer.pick()
      return servers.find(({ rank }) => rank === 1) ?? null
    },
  }),
}))
