/** Since the start of this process. */
export interface FileCounters {
  /** Bytes of chunks that were stored, and of those that were handed out. */
  storedBytes: number
  servedBytes: number
}
