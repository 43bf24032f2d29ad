import { BREAK, type DocumentNode, visit } from 'graphql'

export interface SyntaxCounts {
  readonly aliases: number
  readonly directives: number
  /** As written; a fragment counts once, however often it is used. Fields of the introspection types are left out. */
  readonly fields: number
}

/** More than any document of ours has, so counting can stop. */
const enough = 1000

export function countSyntax(document: DocumentNode): SyntaxCounts {
  let aliases = 0
  let directives = 0
  let fields = 0
  visit(document, {
    Field(node) {
      fields += 1
      if (node.alias !== undefined) aliases += 1
      return fields > enough ? BREAK : undefined
    },
    Directive() {
      directives += 1
    },
    FragmentDefinition(node) {
      // What a playground asks first. Their depth has a rule of its own in the library.
      return node.typeCondition.name.value.startsWith('__') ? false : undefined
    },
  })
  return { aliases, directives, fields }
}
