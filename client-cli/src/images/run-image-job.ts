import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Failure } from '../failure.ts'
import type { ImageJob, JobResult } from './image-job.ts'

const maxMs = 60_000
const maxHeapMb = 1024

/**
 * Does the job in a thread of its own that lives no longer: typing goes on meanwhile, a picture that
 * takes for ever is given up, and what the decoders need is loaded by nobody else.
 */
export async function runImageJob<Job extends ImageJob>(job: Job): Promise<JobResult<Job>> {
  const worker = new Worker(new URL('./image-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    // Decoders complain on the console; what they say of a picture is nothing for a screen.
    stdout: true,
    stderr: true,
  })
  try {
    const [result] = await once(worker, 'message', { signal: AbortSignal.timeout(maxMs) })
    return result as JobResult<Job>
  } catch (error) {
    throw new Failure(
      'failed',
      'The picture cannot be read. It is damaged or of an unusual kind.',
      { cause: error },
    )
  } finally {
    await worker.terminate()
  }
}
