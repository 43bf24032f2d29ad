import type { ImageType } from '@fastchat/client-core'

/** What the worker is asked. Everything that decodes a picture happens there. */
export type ImageJob = EncodeJob | PreviewJob

/** The picture anew, without anything but its pixels. */
export interface EncodeJob {
  readonly kind: 'encode'
  readonly bytes: Uint8Array
  readonly type: ImageType
  /** No side is longer afterwards. */
  readonly maxSide: number
}

/** The picture small, for looking at it in a terminal. */
export interface PreviewJob {
  readonly kind: 'preview'
  readonly bytes: Uint8Array
  readonly type: ImageType
  /** In pixels. */
  readonly fits: { readonly width: number; readonly height: number }
}

export interface EncodedImage {
  readonly kind: 'encoded'
  readonly bytes: Uint8Array
  readonly type: ImageType
  readonly width: number
  readonly height: number
}

export interface Preview {
  readonly kind: 'preview'
  readonly width: number
  readonly height: number
  /** Four bytes a pixel: red, green, blue, opacity. */
  readonly pixels: Uint8Array
  /** The same as a file of our own making: no terminal gets to decode what came from others. */
  readonly png: Uint8Array
}

export type JobResult<Job extends ImageJob> = Job extends EncodeJob ? EncodedImage : Preview
