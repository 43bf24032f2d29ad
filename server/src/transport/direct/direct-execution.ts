import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  Kind,
  locatedError,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import { UserError } from '../../domain/errors.ts'
import type { DeviceViewer } from '../../domain/viewer.ts'
import type { Context } from '../../schema/builder.ts'
import { type DirectField, directMutations, directSubscriptions } from './direct-fields.ts'
import { NotDirectError, type Writer, type Writers, writersFor } from './selection.ts'

/**
 * The few operations that nearly all traffic consists of, without the executor: what depends on the document alone is found
 * out once, what is left is reading the variables, calling the domain and picking the selected fields. Everything that is
 * not plainly the usual (other fields, directives, variables that need judging, a caller without a device) is answered with
 * null and belongs to the executor, before anything has been done.
 */
export interface DirectExecution {
  execute(args: ExecutionArgs): Promise<ExecutionResult> | null
  subscribe(args: ExecutionArgs): Promise<Results | ExecutionResult> | null
}

type Results = AsyncGenerator<ExecutionResult, void, void>

/** Runs one event of a subscription through the executor. */
export type ExecuteEvent = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>

interface Plan {
  readonly operation: OperationTypeNode
  readonly fieldNode: FieldNode
  readonly key: string
  readonly variable: string
  readonly field: DirectField<unknown>
  readonly payload: string
  readonly writers: Writers
}

export function createDirectExecution(
  schema: GraphQLSchema,
  executeEvent: ExecuteEvent,
): DirectExecution {
  const plans = new WeakMap<DocumentNode, { readonly plan: Plan | null }>()

  const planOf = (document: DocumentNode): Plan | null => {
    const known = plans.get(document)
    if (known !== undefined) return known.plan
    const plan = findPlan(schema, document)
    plans.set(document, { plan })
    return plan
  }

  const prepare = (args: ExecutionArgs, operation: OperationTypeNode) => {
    const plan = planOf(args.document)
    if (plan?.operation !== operation) return null
    const context = args.contextValue as Context
    const variables = args.variableValues
    if (context.viewer?.deviceId == null || variables == null) return null
    if (!Object.hasOwn(variables, plan.variable)) return null
    const run = plan.field.prepare(
      context,
      context.viewer as DeviceViewer,
      variables[plan.variable],
    )
    return run === null ? null : { plan, run, context }
  }

  return {
    execute(args) {
      const prepared = prepare(args, OperationTypeNode.MUTATION)
      return prepared === null ? null : runMutation(prepared)
    },
    subscribe(args) {
      const prepared = prepare(args, OperationTypeNode.SUBSCRIPTION)
      if (prepared === null) return null
      const { plan, run } = prepared
      return run().then(
        (source) => mapBatches(plan, source as AsyncIterator<unknown>, args, executeEvent),
        (error: unknown) => ({ errors: [located(plan, error)] }),
      )
    },
  }
}

async function runMutation(prepared: {
  readonly plan: Plan
  readonly context: Context
  run(): Promise<unknown>
}): Promise<ExecutionResult> {
  const { plan, run, context } = prepared
  const { key, payload, writers } = plan
  try {
    const result = await run()
    return { data: { [key]: (writers.get(payload) as Writer)(result) } }
  } catch (error) {
    // The classes are named for their types in the schema.
    const write = error instanceof UserError ? writers.get(error.constructor.name) : undefined
    if (write === undefined) return { data: null, errors: [located(plan, error)] }
    if (error instanceof UserError) context.deps.noteDecline(error.code)
    return { data: { [key]: write(error) } }
  }
}

function located({ fieldNode, key }: Plan, error: unknown) {
  return locatedError(error, [fieldNode], [key])
}

function mapBatches(
  { key, writers }: Plan,
  source: AsyncIterator<unknown>,
  args: ExecutionArgs,
  executeEvent: ExecuteEvent,
): Results {
  const [write] = writers.values() as Iterable<Writer>
  const toResult = (batch: unknown): ExecutionResult | Promise<ExecutionResult> => {
    try {
      return { data: { [key]: (write as Writer)(batch) } }
    } catch (error) {
      if (!(error instanceof NotDirectError)) throw error
      return executeEvent({ ...args, rootValue: batch })
    }
  }
  const results: Results = {
    async next() {
      const { done, value } = await source.next()
      return done === true
        ? { done, value: undefined }
        : { done: false, value: await toResult(value) }
    },
    async return() {
      await source.return?.()
      return { done: true, value: undefined }
    },
    throw: (error) => results.return().then(() => Promise.reject(error)),
    [Symbol.asyncIterator]: () => results,
    [Symbol.asyncDispose]: () => results.return().then(() => {}),
  }
  return results
}

function findPlan(schema: GraphQLSchema, document: DocumentNode): Plan | null {
  const fragments = new Map<string, FragmentDefinitionNode>()
  let operation: OperationDefinitionNode | undefined
  for (const definition of document.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION) operation = definition
    else if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  const call = operation === undefined ? null : findCall(operation)
  if (operation === undefined || call === null) return null
  const { fieldNode, variable, argument } = call

  const name = fieldNode.name.value
  const isMutation = operation.operation === OperationTypeNode.MUTATION
  const mutation = isMutation ? directMutations.get(name) : undefined
  const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION
  const field = mutation ?? (isSubscription ? directSubscriptions.get(name) : undefined)
  const type = schema.getRootType(operation.operation)?.getFields()[name]?.type
  if (field?.argument !== argument || type === undefined || fieldNode.selectionSet === undefined)
    return null
  const writers = writersFor(schema, type, fieldNode.selectionSet, fragments)
  // Afterwards it is too late to ask the executor: whatever the answer is, it has to be known how it is written.
  const named = getNamedType(type)
  const members = isAbstractType(named) ? schema.getPossibleTypes(named).length : 1
  if (writers.size !== members) return null
  return {
    operation: operation.operation,
    ...{ fieldNode, key: fieldNode.alias?.value ?? name, variable, field, writers },
    payload: mutation?.payload ?? '',
  }
}

/** One field, with one argument, which is the one variable: `mutation ($input: SendMessageInput!) { sendMessage(input: $input) … }`. */
function findCall({ directives, variableDefinitions, selectionSet }: OperationDefinitionNode) {
  const [definition, ...otherVariables] = variableDefinitions ?? []
  const [fieldNode, ...otherFields] = selectionSet.selections
  if (definition === undefined || fieldNode?.kind !== Kind.FIELD) return null
  const [argument, ...otherArguments] = fieldNode.arguments ?? []
  const isPlain =
    [otherVariables, otherFields, otherArguments].every(({ length }) => length === 0) &&
    [directives, definition.directives, fieldNode.directives].every((some) => !some?.length)
  // With `!` and without a default, its value is what the client sent.
  const isRequired =
    definition.type.kind === Kind.NON_NULL_TYPE && definition.defaultValue === undefined
  if (!isPlain || !isRequired || argument?.value.kind !== Kind.VARIABLE) return null
  return { fieldNode, argument: argument.name.value, variable: argument.value.name.value }
}
