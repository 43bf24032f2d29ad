/** Of the file as it is chosen, before it is encrypted. */
export const maxFileBytes = 10_485_760

/** A picture with more is refused before it is decoded: a small file can hold a huge one. */
export const maxImagePixels = 50_000_000
