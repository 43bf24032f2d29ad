-- Files: what is uploaded in sealed chunks and sent with a message. Why: pictures and documents do not fit into an envelope.
-- Safe while servers without files still run: it only adds.

-- What is known of a file beside its bytes. Of its kind like sent_messages: ids, sizes and times, no content.
CREATE TABLE "files" (
  "id" UUID NOT NULL,
  "client_id" UUID NOT NULL,
  "device_id" UUID NOT NULL,
  -- The slot of the ring that holds its chunks.
  "slot" SMALLINT NOT NULL,
  "size" INTEGER NOT NULL,
  "chunk_count" INTEGER NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  -- Until when it can be sent; once it is sent, the message's own expiry.
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "message_id" UUID,
  "recipient_device_ids" UUID[],
  CONSTRAINT "files_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "files_size" CHECK ("size" BETWEEN 17 AND 10488320),
  CONSTRAINT "files_chunk_count" CHECK ("chunk_count" = ("size" + 65551) / 65552),
  CONSTRAINT "files_sent_to_somebody" CHECK ("message_id" IS NULL OR cardinality("recipient_device_ids") BETWEEN 1 AND 256)
);
CREATE INDEX "files_of_client" ON "files" ("client_id");
CREATE INDEX "files_by_slot" ON "files" ("slot");

-- A ring of its own, by the time the upload began. A file lives at most two lifetimes (one to be uploaded, one after it was
-- sent), so a slot is a quarter of that, and is used again after four lifetimes. TRUNCATE and EXTERNAL for the same reasons
-- as in the message ring.
CREATE TABLE "file_chunks" (
  "slot" SMALLINT NOT NULL,
  "file_id" UUID NOT NULL,
  "index" SMALLINT NOT NULL,
  "data" BYTEA STORAGE EXTERNAL NOT NULL,
  PRIMARY KEY ("file_id", "index", "slot")
) PARTITION BY LIST ("slot");

DO $$
BEGIN
  FOR slot IN 0..7 LOOP
    EXECUTE format('CREATE TABLE file_chunks_%s PARTITION OF file_chunks FOR VALUES IN (%s)', slot, slot);
  END LOOP;
END $$;

-- Bytes of a sealed chunk: 65,536 and a tag of 16, but for the last. Zero or less where the file has no such chunk.
CREATE FUNCTION file_chunk_bytes(size INTEGER, "index" INTEGER) RETURNS INTEGER
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN least(65552, size - "index" * 65552);
