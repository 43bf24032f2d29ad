import type { MessageProtocol } from '../message-protocol.ts'
import { openRsaV1 } from './open.ts'
import { sealRsaV1 } from './seal.ts'

/**
 * The protocol of FastChat's first version: a fresh AES-256-GCM key for each message, wrapped by
 * RSA-OAEP-3072 for each recipient device, signed by the sending device. No forward secrecy.
 */
export const rsaV1: MessageProtocol = { name: 'RSA_V1', seal: sealRsaV1, open: openRsaV1 }
