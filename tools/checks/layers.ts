import { readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import {
  type Area,
  areas,
  everything,
  packageOwners,
  pureArea,
  worldlyNames,
} from './layer-rules.ts'

type Use = { readonly specifier: string; readonly isTypeOnly: boolean; readonly line: number }

/** One line for each import or global that goes against the arrows. `files` are relative to `root`. */
export function findLayerViolations(root: string, files: readonly string[]): string[] {
  return files
    .filter((file) => /\.(ts|mts|svelte)$/.test(file))
    .flatMap((file) => {
      const area = areaOf(file)
      if (area === undefined) return [`${file}: in no area of tools/checks/layer-rules.ts`]
      if (area.uses.includes(everything)) return []
      const { uses, names } = readSource(path.join(root, file))
      return [
        ...uses.flatMap((use) => judge(file, area, use)),
        ...names.flatMap(({ name, line }) =>
          judgeName(area, name).map((why) => `${file}:${line}: ${why}`),
        ),
      ]
    })
}

function judge(file: string, area: Area, { specifier, isTypeOnly, line }: Use): string[] {
  const complain = (why: string) => [`${file}:${line}: ${why}`]
  const target = targetOf(file, specifier)
  if (target === undefined) {
    const rule = packageOwners.find(({ packages }) => packages.test(specifier))
    if (rule === undefined || rule.owners.test(area.name)) return []
    if (rule.typeOwners?.test(area.name) !== true)
      return complain(`${area.name} may not import ${specifier}`)
    return isTypeOnly ? [] : complain(`${area.name} may import only types from ${specifier}`)
  }
  if (/\.(json|css)$/.test(target)) return []
  const targetArea = areaOf(target)
  if (targetArea === undefined) return complain(`${target} is in no area`)
  if (targetArea === area || area.uses.includes(targetArea.name)) return []
  if (area.usesTypesOf?.includes(targetArea.name)) {
    if (isTypeOnly) return []
    return complain(`${area.name} may import only types from ${targetArea.name}`)
  }
  return complain(`${area.name} may not import ${targetArea.name} (${target})`)
}

/** The file that is meant, relative to the root; undefined if it is a package. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(file), specifier)
  // `#lib/` of package.json, which each web app has for itself.
  const workspace = file.split('/', 1)[0] ?? ''
  return specifier.startsWith('#lib/') ? `${workspace}/src/lib/${specifier.slice(5)}` : undefined
}

function judgeName(area: Area, name: string): string[] {
  if (name === 'process' && !area.readsProcess)
    return [`${area.name} may not read process; take what you need as a parameter`]
  if (area.name === pureArea && worldlyNames.has(name))
    return [`${area.name} does no I/O, and ${name} is some`]
  return []
}

function areaOf(file: string): Area | undefined {
  return areas.find(({ files }) => files.test(file))
}

function readSource(file: string): {
  uses: Use[]
  names: { name: string; line: number }[]
} {
  const text = readFileSync(file, 'utf8')
  const code = file.endsWith('.svelte') ? scriptsOf(text) : text
  const source = ts.createSourceFile(`${file}.ts`, code, ts.ScriptTarget.Latest)
  const uses: Use[] = []
  const names: { name: string; line: number }[] = []
  const lineOf = (node: ts.Node) =>
    source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
  const add = (node: ts.Node, specifier: ts.Node | undefined, isTypeOnly: boolean) => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return
    uses.push({ specifier: specifier.text, isTypeOnly, line: lineOf(node) })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, hasOnlyTypes(node.importClause))
      return
    }
    if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.isTypeOnly)
      return
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node, node.arguments[0], false)
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node, node.argument.literal, true)
    if (ts.isIdentifier(node) && isFreeName(node))
      names.push({ name: node.text, line: lineOf(node) })
    ts.forEachChild(node, (child) => {
      Object.assign(child, { parent: node })
      visit(child)
    })
  }
  visit(source)
  return { uses, names }
}

/** The scripts of a component, on the lines where they stand; and what its markup loads when it is needed. */
function scriptsOf(component: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ')
  let code = ''
  let end = 0
  for (const match of component.matchAll(/(<script[^>]*>)([\s\S]*?)<\/script>/g)) {
    const start = match.index + (match[1] ?? '').length
    code += importsIn(component.slice(end, start), blank) + (match[2] ?? '')
    end = start + (match[2] ?? '').length
  }
  return code + importsIn(component.slice(end), blank)
}

function importsIn(markup: string, blank: (text: string) => string): string {
  const parts = markup.split(/(import\('[^']+'\))/)
  return parts.map((part, index) => (index % 2 === 1 ? `;${part};` : blank(part))).join('')
}

function hasOnlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const { name, namedBindings } = clause
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings))
    return false
  return namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly)
}

/** A use of a global, rather than a property, a key or a parameter that happens to share its name. */
function isFreeName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  return ts.isExpression(parent) ||
    ts.isExpressionStatement(parent) ||
    ts.isVariableDeclaration(parent)
    ? !(ts.isVariableDeclaration(parent) && parent.name === node)
    : ts.isReturnStatement(parent) || ts.isIfStatement(parent)
}
