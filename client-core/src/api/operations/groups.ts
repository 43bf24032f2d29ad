import { graphql } from '../graphql.ts'
import { problem } from './problem.ts'

export const groupFields = graphql(`
  fragment GroupFields on Group @_unmask {
    groupId
    version
    headHash
    entries(after: $after, first: 50) {
      entry
      signature
      createdAt
    }
  }
`)

export const groupsQuery = graphql(`
  query Groups($after: String) {
    groups(first: 100, after: $after) {
      edges { node { groupId version } }
      pageInfo { hasNextPage endCursor }
    }
  }
`)

export const groupQuery = graphql(
  `
  query Group($groupId: ID!, $after: Int!) { group(groupId: $groupId) { ...GroupFields } }
`,
  [groupFields],
)

export const createGroupMutation = graphql(
  `
  mutation CreateGroup($input: CreateGroupInput!, $after: Int!) {
    createGroup(input: $input) {
      __typename
      ... on CreateGroupPayload { group { ...GroupFields } }
      ...Problem
    }
  }
`,
  [groupFields, problem],
)

export const changeGroupMutation = graphql(
  `
  mutation ChangeGroup($input: ChangeGroupInput!, $after: Int!) {
    changeGroup(input: $input) {
      __typename
      ... on ChangeGroupPayload { group { ...GroupFields } }
      ...Problem
    }
  }
`,
  [groupFields, problem],
)
