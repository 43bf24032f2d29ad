import { InvalidInputError } from '../domain/errors.ts'

/** What `node(id:)` gives out: the type names that an id may begin with. */
const nodeTypes = new Set(['Account', 'Device', 'Group'])
const form = /^([A-Za-z]+):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export function encodeNodeId(typename: string, id: string | number | bigint): string {
  return Buffer.from(`${typename}:${id}`).toString('base64url')
}

/** Refuses what is no id of ours here, so that it reaches neither the plugin nor the database. */
export function decodeNodeId(nodeId: string): { typename: string; id: string } {
  const [, typename, id] = form.exec(Buffer.from(nodeId, 'base64url').toString('latin1')) ?? []
  if (typename === undefined || id === undefined || !nodeTypes.has(typename))
    throw new InvalidInputError('id', 'This id is not one of ours. Ask for the thing by its name.')
  return { typename, id }
}
