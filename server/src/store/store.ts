import type { PrismaClient } from '../generated/prisma/client.ts'
import type { MessageStoreOptions } from './accept-messages.ts'
import { type AccountStore, createAccountStore } from './accounts.ts'
import { type AttemptStore, createAttemptStore } from './attempts.ts'
import type { Database } from './database.ts'
import { createDatabaseClock, type DatabaseClock } from './database-clock.ts'
import { createDrainOrderStore, type DrainOrderStore } from './drain-orders.ts'
import { createExpiryStore, type ExpiryStore } from './expiry.ts'
import { createFileStore, type FileStore } from './files.ts'
import { createGroupStore, type GroupStore } from './groups.ts'
import { createMailboxStore, type MailboxStore } from './mailboxes.ts'
import { createMessageStore, type MessageStore } from './messages.ts'
import { type AuditStore, createAuditStore } from './operator-audit.ts'
import { createOperatorStore, type OperatorStore } from './operators.ts'
import { createRateLimitStore, type RateLimitStore } from './rate-limits.ts'
import { createSampleStore, type SampleStore } from './samples.ts'
import { createServerStore, type ServerStore } from './servers.ts'
import { createSessionStore, type SessionStore } from './sessions.ts'
import { createSignInStore, type SignInStore } from './sign-ins.ts'
import { createWaitingStore, type WaitingStore } from './waiting.ts'

/** Everything that is kept. Stores decide nothing; the rules are in domain/. */
export interface Store {
  /** For the schema's Prisma plugin only: columns of a row that a rule has already allowed. */
  readonly prisma: PrismaClient
  readonly accounts: AccountStore
  readonly attempts: AttemptStore
  readonly audit: AuditStore
  readonly mailboxes: MailboxStore
  readonly messages: MessageStore
  readonly clock: DatabaseClock
  readonly drainOrders: DrainOrderStore
  readonly expiry: ExpiryStore
  readonly groups: GroupStore
  readonly operators: OperatorStore
  readonly files: FileStore
  readonly rateLimits: RateLimitStore
  readonly samples: SampleStore
  readonly servers: ServerStore
  readonly sessions: SessionStore
  readonly signIns: SignInStore
  readonly waiting: WaitingStore
}

export function createStore(database: Database, options: MessageStoreOptions): Store {
  return {
    prisma: database.prisma,
    accounts: createAccountStore(database),
    attempts: createAttemptStore(database),
    audit: createAuditStore(database),
    mailboxes: createMailboxStore(database),
    messages: createMessageStore(database, options),
    clock: createDatabaseClock(database.pool),
    drainOrders: createDrainOrderStore(database),
    expiry: createExpiryStore(database, options),
    groups: createGroupStore(database),
    operators: createOperatorStore(database),
    files: createFileStore(database, options),
    rateLimits: createRateLimitStore(database),
    samples: createSampleStore(database),
    servers: createServerStore(database),
    sessions: createSessionStore(database),
    signIns: createSignInStore(database),
    waiting: createWaitingStore(database, options),
  }
}
