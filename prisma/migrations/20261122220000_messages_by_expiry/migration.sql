-- Messages found by their expiry.
-- For: what has expired since the last sweep, and until when a slot lives. Without it the sweeper read whole slots every two
-- seconds. Entries come in the order of time, so it is cheap to keep.
-- Safe on a running service: sends wait for it as long as it takes to read what waits.
CREATE INDEX "msg_store_by_expiry" ON "msg_store" ("expires_at");
