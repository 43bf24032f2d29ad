export { storageContract } from '../storage/storage.contract.ts'
