import { graphql } from '../graphql.ts'
import { viewerFields } from './accounts.ts'
import { problem } from './problem.ts'

export const startSignUpMutation = graphql(
  `
  mutation StartSignUp($input: StartSignUpInput!) {
    startSignUp(input: $input) {
      __typename
      ... on StartSignUpPayload { registrationResponse }
      ...Problem
    }
  }
`,
  [problem],
)

export const finishSignUpMutation = graphql(
  `
  mutation FinishSignUp($input: FinishSignUpInput!) {
    finishSignUp(input: $input) {
      __typename
      ... on SignedInPayload { token expiresAt viewer { ...ViewerFields } }
      ...Problem
    }
  }
`,
  [viewerFields, problem],
)

export const startSignInMutation = graphql(
  `
  mutation StartSignIn($input: StartSignInInput!) {
    startSignIn(input: $input) {
      __typename
      ... on StartSignInPayload { signInId loginResponse attemptsLeft }
      ...Problem
    }
  }
`,
  [problem],
)

export const finishSignInMutation = graphql(
  `
  mutation FinishSignIn($input: FinishSignInInput!) {
    finishSignIn(input: $input) {
      __typename
      ... on SignedInPayload { token expiresAt viewer { ...ViewerFields } }
      ...Problem
    }
  }
`,
  [viewerFields, problem],
)

export const signOutMutation = graphql(
  `
  mutation SignOut {
    signOut {
      __typename
      ... on SignOutPayload { signedOut }
      ...Problem
    }
  }
`,
  [problem],
)
