-- Rings that are not read while they fill.
-- Why: rows in a slot are never changed nor deleted one by one; the slot is truncated. Autovacuum read every slot several
-- times while it filled (a tenth of the database's CPU under load), for statistics that no plan looks at and for dead rows
-- that are not there. Of the messages sent it is wanted when many have been deleted, and not because many were written.
-- Safe on a running service: sends wait for the index as long as it takes to read what waits, the rest lets them pass.

-- For: what has expired since the last sweep, and until when a slot lives. Without it the sweeper read whole slots every two
-- seconds. Entries come in the order of time, so it is cheap to keep.
CREATE INDEX "msg_store_by_expiry" ON "msg_store" ("expires_at");

DO $$
BEGIN
  FOR slot IN 0..7 LOOP
    EXECUTE format('ALTER TABLE msg_store_%s SET (autovacuum_enabled = false, toast.autovacuum_enabled = false)', slot);
    EXECUTE format('ALTER TABLE msg_bodies_%s SET (autovacuum_enabled = false, toast.autovacuum_enabled = false)', slot);
    EXECUTE format('ALTER TABLE file_chunks_%s SET (autovacuum_enabled = false, toast.autovacuum_enabled = false)', slot);
  END LOOP;
END $$;

ALTER TABLE "sent_messages" SET (autovacuum_vacuum_insert_threshold = -1);
