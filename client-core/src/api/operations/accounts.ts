import { graphql } from '../graphql.ts'
import { problem } from './problem.ts'

export const accountFields = graphql(`
  fragment AccountFields on Account @_unmask {
    username
    deviceList
    deviceListSignature
    deviceListVersion
    online
  }
`)

export const viewerFields = graphql(
  `
  fragment ViewerFields on Viewer @_unmask {
    vault
    vaultVersion
    account { ...AccountFields }
  }
`,
  [accountFields],
)

export const meQuery = graphql(`query Me { me { ...ViewerFields } }`, [viewerFields])

export const accountQuery = graphql(
  `
  query Account($username: String!) { account(username: $username) { ...AccountFields } }
`,
  [accountFields],
)

export const accountsQuery = graphql(
  `
  query Accounts($usernames: [String!]!) {
    accounts(usernames: $usernames) { ...AccountFields }
  }
`,
  [accountFields],
)

export const searchQuery = graphql(
  `
  query SearchAccounts($prefix: String!, $first: Int) {
    searchAccounts(prefix: $prefix, first: $first) { edges { node { ...AccountFields } } }
  }
`,
  [accountFields],
)

export const registerDeviceMutation = graphql(
  `
  mutation RegisterDevice($input: RegisterDeviceInput!) {
    registerDevice(input: $input) {
      __typename
      ... on RegisterDevicePayload { account { ...AccountFields } }
      ...Problem
    }
  }
`,
  [accountFields, problem],
)

export const revokeDeviceMutation = graphql(
  `
  mutation RevokeDevice($input: RevokeDeviceInput!) {
    revokeDevice(input: $input) {
      __typename
      ... on RevokeDevicePayload { account { ...AccountFields } }
      ...Problem
    }
  }
`,
  [accountFields, problem],
)
