import { testBusContract } from './bus.contract.ts'
import { createMemoryBusHub } from './memory-bus.ts'

testBusContract('the memory bus', async () => {
  const open = createMemoryBusHub()
  return { open: async (serverId) => open(serverId), close: async () => {} }
})
