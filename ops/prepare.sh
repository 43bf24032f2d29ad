#!/bin/sh
# Before the first start and before every upgrade: makes the secret file unless it is there, and applies the migrations that are
# missing. Needs DATABASE_URL and FASTCHAT_SECRET_FILE, and may run while older servers do.
set -eu
cd "$(dirname "$0")/.."
node --input-type=module -e "
  const { ensureSecretFile } = await import('./server/src/supervisor/secret-file.ts')
  await ensureSecretFile(process.env.FASTCHAT_SECRET_FILE)"
node tools/migrate.ts
