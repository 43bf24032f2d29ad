-- Operators, their sessions and their audit; samples of every process and of what waits; orders to drain.
-- Why: whoever runs FastChat sees all servers from any one of them. Safe while older servers run: they write no samples,
-- leave the new columns alone and obey no orders.

CREATE TABLE "operators" (
  "id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "password_hash" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "operators_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "operators_name_form" CHECK ("name" ~ '^[a-z0-9_.-]{3,32}$')
);
CREATE UNIQUE INDEX "operators_name_key" ON "operators" ("name");

CREATE TABLE "operator_sessions" (
  "id" UUID NOT NULL,
  "token_hash" BYTEA NOT NULL,
  "operator_id" UUID NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "revoked_at" TIMESTAMPTZ(3),
  CONSTRAINT "operator_sessions_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "operator_sessions_token_hash_size" CHECK (octet_length("token_hash") = 32),
  CONSTRAINT "operator_sessions_operator_id_fkey" FOREIGN KEY ("operator_id") REFERENCES "operators" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "operator_sessions_token_hash_key" ON "operator_sessions" ("token_hash");
CREATE INDEX "operator_sessions_of_operator" ON "operator_sessions" ("operator_id");

-- By name and without a reference: what a removed operator did stays.
CREATE TABLE "operator_audit" (
  "id" BIGSERIAL NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "operator" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "server_id" INTEGER,
  "recipient" TEXT,
  "reason" TEXT,
  CONSTRAINT "operator_audit_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "operator_audit_reason_size" CHECK (length("reason") <= 200)
);

-- What a process says of itself once a second: a ring of five minutes, overwritten in place, so that it never grows and
-- nothing has to be deleted. UNLOGGED: after a crash the history begins anew.
-- fillfactor: every row is updated every five minutes; room on the page keeps those updates heap-only.
CREATE UNLOGGED TABLE "server_samples" (
  "slot" SMALLINT NOT NULL,
  "server_id" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "figures" JSONB NOT NULL,
  CONSTRAINT "server_samples_pkey" PRIMARY KEY ("slot", "server_id")
) WITH (fillfactor = 50);

-- What waits, once a second, by whichever process is the first to ask in that second.
CREATE UNLOGGED TABLE "waiting_samples" (
  "slot" SMALLINT NOT NULL,
  "second" BIGINT NOT NULL,
  "figures" JSONB,
  CONSTRAINT "waiting_samples_pkey" PRIMARY KEY ("slot")
) WITH (fillfactor = 50);

-- What operators want of the process that holds this row. Started again, it is a new process and serves.
ALTER TABLE "servers" ADD COLUMN "drain_at" TIMESTAMPTZ(3), ADD COLUMN "drain_by" TEXT, ADD COLUMN "drain_reason" TEXT;

ALTER TABLE "sweeper" ADD COLUMN "last_took_ms" INTEGER NOT NULL DEFAULT 0;
