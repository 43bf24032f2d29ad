-- Groups: the state that the newest entry leaves, who is and was a member, and the chain of entries itself.
-- Why: issue 3. Adds tables only; servers of the version before run on beside it.

-- One row for each group, which every send to the group and every change of it locks: from the moment a kick is
-- answered, no message sealed for the roster before it is stored.
-- fillfactor: each of those locks writes into the row; room on the page keeps a change heap-only.
CREATE TABLE "groups" (
  "id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "head_hash" BYTEA NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "deleted_at" TIMESTAMPTZ(3),
  CONSTRAINT "groups_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "groups_name_size" CHECK (length("name") BETWEEN 1 AND 64),
  CONSTRAINT "groups_version" CHECK ("version" >= 1),
  CONSTRAINT "groups_head_hash_size" CHECK (octet_length("head_hash") = 32)
) WITH (fillfactor = 50);
-- For: forgetting groups that were deleted 30 days ago.
CREATE INDEX "groups_by_deletion" ON "groups" ("deleted_at");

-- Read out of the newest entry, to find the groups of an account and the devices to tell. A former member keeps its row
-- for 30 days: it is shown the group as the entry left it that removed it.
-- RESTRICT: an account that a signed roster names is not removed under it.
CREATE TABLE "group_members" (
  "group_id" UUID NOT NULL,
  "client_id" UUID NOT NULL,
  "is_admin" BOOLEAN NOT NULL,
  "left_version" INTEGER,
  "left_at" TIMESTAMPTZ(3),
  CONSTRAINT "group_members_pkey" PRIMARY KEY ("group_id", "client_id"),
  CONSTRAINT "group_members_departure" CHECK (("left_version" IS NULL) = ("left_at" IS NULL)),
  CONSTRAINT "group_members_former_admin" CHECK ("left_version" IS NULL OR NOT "is_admin"),
  CONSTRAINT "group_members_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "groups" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "group_members_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
-- For: the groups of an account, page by page in the order of their ids, and how many there are.
CREATE INDEX "groups_of_client" ON "group_members" ("client_id", "group_id");
-- For: forgetting who left 30 days ago.
CREATE INDEX "group_members_by_departure" ON "group_members" ("left_at");

-- The chain. The primary key is what makes two changes at once one after the other: a version exists once.
-- An entry holds keys and signatures, which do not compress, beside names, which do: the default storage is right.
CREATE TABLE "roster_entries" (
  "group_id" UUID NOT NULL,
  "version" INTEGER NOT NULL,
  "entry" BYTEA NOT NULL,
  "signature" BYTEA NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "roster_entries_pkey" PRIMARY KEY ("group_id", "version"),
  CONSTRAINT "roster_entries_version" CHECK ("version" >= 1),
  CONSTRAINT "roster_entries_entry_size" CHECK (octet_length("entry") BETWEEN 1 AND 65536),
  CONSTRAINT "roster_entries_signature_size" CHECK (octet_length("signature") = 64),
  CONSTRAINT "roster_entries_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "groups" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
