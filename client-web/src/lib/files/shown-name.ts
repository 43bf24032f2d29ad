import { type FileFacts, safeFileName } from '@fastchat/client-core'

/** The name of a file as it is shown and saved: never quite what the sender called it. */
export function shownName({ name, type }: Pick<FileFacts, 'name' | 'type'>): string {
  return safeFileName(name, type)
}
