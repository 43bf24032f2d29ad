import { graphql } from '../graphql.ts'
import { problem } from './problem.ts'

export const attachChallengeQuery = graphql(`
  query AttachChallenge {
    service { serverId }
    attachChallenge { challenge }
  }
`)

export const attachMailboxMutation = graphql(
  `
  mutation AttachMailbox($input: AttachMailboxInput!) {
    attachMailbox(input: $input) {
      __typename
      ... on AttachMailboxPayload {
        attachmentId
        resumeAfter
        latest
        expiredWhileAway
        serverTime
      }
      ...Problem
    }
  }
`,
  [problem],
)

export const sendMessageMutation = graphql(
  `
  mutation SendMessage($input: SendMessageInput!) {
    sendMessage(input: $input) {
      __typename
      ... on SendMessagePayload {
        acceptedAt
        expiresAt
        serverTime
        deliveries { deviceId state }
      }
      ...Problem
    }
  }
`,
  [problem],
)

export const acknowledgeMutation = graphql(
  `
  mutation Acknowledge($input: AcknowledgeInput!) {
    acknowledge(input: $input) {
      __typename
      ... on AcknowledgePayload { ackedUpTo }
      ...Problem
    }
  }
`,
  [problem],
)

export const outcomesQuery = graphql(`
  query Outcomes($clientMessageIds: [ID!]!) {
    outcomes(clientMessageIds: $clientMessageIds) {
      clientMessageId
      expiresAt
      deliveries { deviceId state }
    }
  }
`)

export const inboxSubscription = graphql(`
  subscription Inbox($attachmentId: ID!) {
    inbox(attachmentId: $attachmentId) {
      serverTime
      events {
        __typename
        ... on MessageArrived {
          cursor
          clientMessageId
          senderDeviceId
          envelope
          wrappedKey
          acceptedAt
          expiresAt
        }
        ... on DeliveryChanged {
          clientMessageId
          deviceId
          deliveryState: state
        }
        ... on DevicesChanged {
          username
          version
        }
        ... on GroupChanged {
          groupId
          version
        }
        ... on ServerDraining {
          retryAfterMs
        }
      }
    }
  }
`)
