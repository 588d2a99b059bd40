/**
 * Finds the outermost functions of JavaScript and TypeScript: declarations, functions bound to variables or
 * assigned, methods and function fields of classes and of object literals, at the top level of a module or
 * namespace. Functions inside functions belong to the outer one.
 */
import type {
  ArrowFunctionExpression,
  Class,
  ClassElement,
  Expression,
  FunctionBody,
  Function as FunctionNode,
  ObjectExpression,
  Program,
  PropertyKey,
  TSModuleBlock,
} from "oxc-parser";
import type { Span } from "./lines.ts";
import type { Syntax } from "./syntax.ts";

type TopLevel = Program["body"][number] | TSModuleBlock["body"][number];

/** A function in its file; `start` and `end` are those of its text, from its first token to its last. */
export interface FoundFunction extends Span {
  /** `name` or `Class.method`; not unique: accessors come in pairs. */
  readonly name: string;
  readonly kind: "function" | "method";
  /** Written as a declaration, not as an expression. */
  readonly isDeclaration: boolean;
  /** From the start of the declaration that binds it, without `export`, to its body or behind its `=>`. */
  readonly head: Span;
  /** Where its statement or class element starts; a doc comment stands above it. */
  readonly holder: number;
  /** Undefined where an expression is the body. */
  readonly body: FunctionBody | undefined;
}

type BoundFunction = FunctionNode | ArrowFunctionExpression;

/** Lists the outermost functions in source order. */
export function findFunctions(syntax: Syntax): FoundFunction[] {
  const found: FoundFunction[] = [];
  const { text, comments } = syntax;

  const commentEnds = new Map(comments.map(({ start, end }) => [start, end]));

  function skipTrivia(from: number): number {
    let at = from;
    for (;;) {
      const commentEnd = commentEnds.get(at);
      if (commentEnd !== undefined) at = commentEnd;
      else if (/\s/.test(text.charAt(at))) at += 1;
      else return at;
    }
  }

  /** Behind the `=>`: only `)`, `,`, white space and comments lie between it and the last parameter. */
  function arrowEnd(node: ArrowFunctionExpression): number {
    let at = node.returnType?.end ?? node.params.at(-1)?.end ?? node.typeParameters?.end ?? node.start;
    for (;;) {
      at = skipTrivia(at);
      if (text.startsWith("=>", at)) return at + 2;
      at += 1;
    }
  }

  function bodyOf(node: BoundFunction): FunctionBody | undefined {
    return node.body?.type === "BlockStatement" ? (node.body as FunctionBody) : undefined;
  }

  function add(
    name: string,
    node: BoundFunction,
    headStart: number,
    holder: number,
    method?: { readonly start: number; readonly end: number },
  ): void {
    if (node.body === null || node.body === undefined) return; // an overload or an abstract method
    const headEnd = node.type === "ArrowFunctionExpression" ? arrowEnd(node) : node.body.start;
    found.push({
      start: method?.start ?? node.start,
      end: method?.end ?? node.end,
      name,
      kind: method === undefined ? "function" : "method",
      isDeclaration: node.type === "FunctionDeclaration",
      head: { start: headStart, end: headEnd },
      holder,
      body: bodyOf(node),
    });
  }

  function keyText(key: PropertyKey, computed: boolean): string {
    const source = text.slice(key.start, key.end);
    return computed ? `[${source.replace(/\s+/g, " ")}]` : source;
  }

  /** What a name can be bound to: a function, a class, or an object with functions. */
  function addExpression(name: string, value: Expression, headStart: number, holder: number): void {
    if (value.type === "FunctionExpression" || value.type === "ArrowFunctionExpression") {
      add(name, value, headStart, holder);
    } else if (value.type === "ClassExpression") addClass(name, value);
    else if (value.type === "ObjectExpression") addObject(name, value);
  }

  function addClass(name: string, node: Class): void {
    for (const element of node.body.body) addElement(name, element);
  }

  function addElement(className: string, element: ClassElement): void {
    if (element.type !== "MethodDefinition" && element.type !== "PropertyDefinition") return;
    // Decorators stay with the fixed text.
    const start = skipTrivia(element.decorators?.at(-1)?.end ?? element.start);
    const name = `${className}.${keyText(element.key, element.computed)}`;
    if (element.type === "MethodDefinition") {
      add(name, element.value, start, element.start, { start, end: element.end });
    } else if (
      element.value?.type === "FunctionExpression" ||
      element.value?.type === "ArrowFunctionExpression"
    ) {
      add(name, element.value, start, element.start);
    }
  }

  function addObject(objectName: string, node: ObjectExpression): void {
    for (const property of node.properties) {
      if (property.type !== "Property") continue;
      const { value, start } = property;
      const name = `${objectName}.${keyText(property.key, property.computed)}`;
      if (value.type !== "FunctionExpression" && value.type !== "ArrowFunctionExpression") continue;
      const isMethod = property.method || property.kind !== "init";
      add(name, value, start, start, isMethod ? property : undefined);
    }
  }

  function addStatement(prefix: string, node: TopLevel, holder: number): void {
    switch (node.type) {
      case "ExportNamedDeclaration":
        if (node.declaration !== null) addStatement(prefix, node.declaration, holder);
        break;
      case "ExportDefaultDeclaration": {
        const { declaration } = node;
        if (declaration.type === "FunctionDeclaration" || declaration.type === "FunctionExpression") {
          add(prefix + (declaration.id?.name ?? "default"), declaration, declaration.start, holder);
        } else if (declaration.type === "ClassDeclaration" || declaration.type === "ClassExpression") {
          addClass(prefix + (declaration.id?.name ?? "default"), declaration);
        } else if (declaration.type !== "TSInterfaceDeclaration") {
          addExpression(`${prefix}default`, declaration as Expression, declaration.start, holder);
        }
        break;
      }
      case "TSExportAssignment":
        addExpression(`${prefix}default`, node.expression, node.expression.start, holder);
        break;
      case "FunctionDeclaration":
        if (node.id !== null) add(prefix + node.id.name, node, node.start, holder);
        break;
      case "ClassDeclaration":
        if (node.id !== null) addClass(prefix + node.id.name, node);
        break;
      case "VariableDeclaration":
        for (const [index, { id, init, start }] of node.declarations.entries()) {
          if (id.type !== "Identifier" || init === null) continue;
          const isFirst = index === 0;
          addExpression(prefix + id.name, init, isFirst ? node.start : start, isFirst ? holder : start);
        }
        break;
      case "ExpressionStatement": {
        const { expression } = node;
        if (expression.type !== "AssignmentExpression" || expression.operator !== "=") break;
        const { left } = expression;
        const name = text.slice(left.start, left.end).replace(/^(?:module\.)?exports\./, "");
        addExpression(prefix + name, expression.right, node.start, holder);
        break;
      }
      case "TSModuleDeclaration":
        if (node.body?.type !== "TSModuleBlock") break;
        for (const inner of node.body.body) {
          addStatement(`${prefix}${text.slice(node.id.start, node.id.end)}.`, inner, inner.start);
        }
        break;
    }
  }

  for (const node of syntax.program.body) addStatement("", node, node.start);
  return found.sort((a, b) => a.start - b.start);
}
