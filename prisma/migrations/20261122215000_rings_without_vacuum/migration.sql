-- No autovacuum for the rings.
-- Why: rows in a slot are never changed nor deleted one by one; the slot is truncated. Autovacuum read every slot several
-- times while it filled (a tenth of the database's CPU under load), for statistics that no plan looks at and for dead rows
-- that are not there. Of the messages sent it is wanted when many have been deleted, and not because many were written.
-- Safe on a running service: the lock it takes lets reads and writes pass.

DO $$
BEGIN
  FOR slot IN 0..7 LOOP
    EXECUTE format('ALTER TABLE msg_store_%s SET (autovacuum_enabled = false, toast.autovacuum_enabled = false)', slot);
    EXECUTE format('ALTER TABLE msg_bodies_%s SET (autovacuum_enabled = false, toast.autovacuum_enabled = false)', slot);
    EXECUTE format('ALTER TABLE file_chunks_%s SET (autovacuum_enabled = false, toast.autovacuum_enabled = false)', slot);
  END LOOP;
END $$;

ALTER TABLE "sent_messages" SET (autovacuum_vacuum_insert_threshold = -1);
