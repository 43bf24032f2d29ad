import { graphql } from '../graphql.ts'

export const balancerQuery = graphql(`
  query Balancer {
    balancer {
      servers { id url state rank pingMs score sockets }
    }
  }
`)

export const serviceQuery = graphql(`query Service { service { version messageTtlMs serverTime } }`)
