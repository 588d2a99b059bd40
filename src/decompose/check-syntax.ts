/**
 * Checks that a new text of a JavaScript or TypeScript function, method or statement is one thing of its kind
 * by itself. Then it cannot swallow the text after it (by an open comment, string or bracket), nor close the
 * scope it stands in: the parser reads it the same way at its place.
 */
import type { Component } from "../core/component.ts";
import { findFunctions } from "./functions.ts";
import { hasParser } from "./language.ts";
import {
  type AnyNode,
  childrenOf,
  isFault,
  type Mode,
  modesOf,
  parseAs,
  readsAsScript,
  type Syntax,
} from "./syntax.ts";

/** A text cut down to the piece it holds, or why it is not accepted. */
export type Fitted = { readonly text: string } | { readonly reason: string };

/**
 * Says why a text may not take the place of a function, method or statement; undefined where it may, and for
 * components of other kinds or languages. What the text holds beside the piece (`export`, a doc comment, `const f =`) does
 * not count: `fitSyntax` cuts it off.
 */
export function checkSyntax(component: Component, text: string): string | undefined {
  const fitted = fitSyntax(component, text);
  return "reason" in fitted ? fitted.reason : undefined;
}

/** Reads one piece from a parsed text. */
type Reader = (component: Component, text: string, mode: Mode) => Fitted;

/**
 * Cuts a text down to the function, method or statements that it holds, so that only its own tokens come into
 * the file. Texts of other kinds pass as they are.
 */
export function fitSyntax(component: Component, text: string): Fitted {
  const { file, kind = "" } = component;
  const reader = file === undefined || !hasParser(file) ? undefined : readers.get(kind);
  if (file === undefined || reader === undefined) return { text };
  const mode = modesOf(file).find((known) => "text" in reader(component, component.text, known));
  if (mode === undefined) return { text }; // not one piece to begin with: a plugin's own division
  const fitted = reader(component, text, mode);
  // Only scripts take <!-- and --> for comments: such a text must be the same piece in both modes.
  if (mode === "module" && "text" in fitted && readsAsScript(file, text)) {
    const again = reader(component, text, "commonjs");
    if ("reason" in again) return again;
    if (again.text !== fitted.text) return refuse(component, "holds a comment that only scripts know");
  }
  return fitted;
}

const readers: ReadonlyMap<string, Reader> = new Map([
  ["function", readFunction],
  ["method", readMethod],
  ["statement", readStatements],
]);

function refuse({ name }: Component, problem: string): { readonly reason: string } {
  return { reason: `component ${name} ${problem}` };
}

/** Parses a text between a prefix and a suffix. */
function parseWithin(
  component: Component,
  text: string,
  mode: Mode,
  [prefix, suffix]: readonly [string, string],
): Syntax | { readonly reason: string } {
  const result = parseAs(component.file ?? "", prefix + text + suffix, mode);
  if (!isFault(result)) return result;
  return refuse(component, `is not a ${component.kind}: ${result.message}`);
}

/** The name in its own file: without the path, and without `#2` of a repeated one. */
function plainName({ name, file = "" }: Component): string {
  const own = name.startsWith(`${file}:`) ? name.slice(file.length + 1) : name;
  return own.replace(/#\d+$/, "");
}

function readFunction(component: Component, text: string, mode: Mode): Fitted {
  // `const f = function f() {}` has the text of a declaration; its signature tells.
  const isDeclaration =
    /^(?:async )?function\b/.test(component.signature ?? "function") && declares(component, mode);
  if (!isDeclaration) {
    const prefix = "(\n";
    const syntax = parseWithin(component, text, mode, [prefix, "\n)"]);
    const [node, ...others] = "reason" in syntax ? [] : syntax.program.body;
    if (node?.type === "ExpressionStatement" && others.length === 0) {
      const { type, start, end } = node.expression;
      const isFunction = type === "FunctionExpression" || type === "ArrowFunctionExpression";
      if (isFunction) return { text: text.slice(start - prefix.length, end - prefix.length) };
    }
  }
  return readBound(component, text, mode, isDeclaration);
}

/** Whether the original text is a declaration: it is the name that tells it from an expression. */
function declares(component: Component, mode: Mode): boolean {
  const syntax = parseWithin(component, component.text, mode, ["export default ", ""]);
  if ("reason" in syntax) return false;
  const node = syntax.program.body[0];
  if (node?.type !== "ExportDefaultDeclaration" || node.declaration.type !== "FunctionDeclaration")
    return false;
  return (node.declaration.id?.name ?? "default") === plainName(component).replace(/^.*\./s, "");
}

/** The only function that a text binds, where it binds it to the component's name and holds nothing else. */
function readBound(component: Component, text: string, mode: Mode, isDeclaration: boolean): Fitted {
  const isAnonymous = isDeclaration && /^(?:async\s+)?function[\s*]*\(/.test(text.trimStart());
  const prefix = isAnonymous ? "export default " : "";
  const syntax = parseWithin(component, text, mode, [prefix, ""]);
  if ("reason" in syntax) return syntax;
  const found = findFunctions(syntax);
  const [piece] = found;
  const name = plainName(component);
  if (piece === undefined || found.length !== 1 || !holdsNothingElse(syntax)) {
    return refuse(component, `must be exactly one ${component.kind}, ${name}`);
  }
  const isNamed = piece.name === name || piece.name === name.replace(/^.*\./s, "");
  if (!isNamed || piece.kind !== component.kind || piece.isDeclaration !== isDeclaration) {
    return refuse(component, `must stay the ${component.kind} ${name}, got ${piece.kind} ${piece.name}`);
  }
  return { text: text.slice(piece.start - prefix.length, piece.end - prefix.length) };
}

/** Whether a program with one function is that function alone, with no second variable or class element. */
function holdsNothingElse({ program }: Syntax): boolean {
  const [node, ...others] = program.body;
  if (node === undefined || others.length > 0) return false;
  const inner =
    (node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration") &&
    node.declaration !== null
      ? node.declaration
      : node;
  if (inner.type === "VariableDeclaration") {
    const init = inner.declarations[0]?.init;
    return (
      inner.declarations.length === 1 && (init?.type !== "ObjectExpression" || init.properties.length === 1)
    );
  }
  if (inner.type === "ClassDeclaration" || inner.type === "ClassExpression")
    return inner.body.body.length === 1;
  return true;
}

/** What a method must keep: the text before its parameters, as far as callers depend on it. */
function readMethod(component: Component, text: string, mode: Mode): Fitted {
  const original = readElement(component, component.text, mode);
  if ("reason" in original) return original;
  const next = readElement(component, text, mode);
  if ("reason" in next) {
    const bound = readBound(component, text, mode, false);
    if ("reason" in bound) return next; // the clearer reason
    const again = readElement(component, bound.text, mode);
    return "text" in again && again.head === original.head ? { text: again.text } : next;
  }
  if (next.head === original.head) return { text: next.text };
  return refuse(component, `must stay the ${original.head}, got ${next.head}`);
}

function readElement(
  component: Component,
  text: string,
  mode: Mode,
): { readonly text: string; readonly head: string } | { readonly reason: string } {
  const prefix = "class C extends D {\n";
  const suffix = "\n}";
  const syntax = parseWithin(component, text, mode, [prefix, suffix]);
  if ("reason" in syntax) return syntax;
  const [node, ...others] = syntax.program.body;
  if (node?.type !== "ClassDeclaration" || others.length > 0) {
    return refuse(component, "must be exactly one method");
  }
  const [element, ...more] = node.body.body;
  if (element?.type !== "MethodDefinition" || more.length > 0 || element.value.body === null) {
    return refuse(component, "must be exactly one method");
  }
  if ((element.decorators?.length ?? 0) > 0) return refuse(component, "may not bring decorators");
  const { key, kind, computed } = element;
  const keyText = syntax.text.slice(key.start, key.end);
  const name = computed ? `[${keyText}]` : keyText;
  return {
    text: text.slice(element.start - prefix.length, element.end - prefix.length),
    head: `${element.static ? "static " : ""}${kind} ${name}`,
  };
}

/** Statements that end with a semicolon, written or implied. */
const endsWithSemicolon =
  /^(?:Expression|Return|Throw|Break|Continue|Debugger|DoWhile)Statement$|^VariableDeclaration$/;

function readStatements(component: Component, text: string, mode: Mode): Fitted {
  const surroundings = surroundingsOf(component, mode);
  if (surroundings === undefined) {
    return refuse(component, "stands in a function that cannot be parsed");
  }
  const found = statementsWithin(component, text, mode, surroundings);
  if ("reason" in found) return found;
  const cut = text.slice(0, found.end);
  // Without the semicolon, the text could go on with the statement below.
  const isClosed = cut.endsWith(";") || (!found.isOpen && cut.endsWith("}"));
  return { text: isClosed ? cut : `${cut};` };
}

/** The text around a statement that makes it parse as at its place: the head of its function. */
function surroundingsOf(component: Component, mode: Mode): readonly [string, string] | undefined {
  const head = component.spec?.split("\n", 1)[0];
  const candidates: (readonly [string, string])[] =
    head === undefined
      ? [["{\n", "\n}"]]
      : [
          [`${head} {\n`, "\n}"],
          [`class C extends D { ${head} {\n`, "\n} }"],
          [`({ ${head} {\n`, "\n} })"],
          [`(${head} {\n`, "\n})"],
        ];
  return candidates.find((around) => "end" in statementsWithin(component, component.text, mode, around));
}

/** The statements of a text in its surroundings, where they are all that the body holds. */
function statementsWithin(
  component: Component,
  text: string,
  mode: Mode,
  [prefix, suffix]: readonly [string, string],
): { readonly end: number; readonly isOpen: boolean } | { readonly reason: string } {
  const syntax = parseWithin(component, text, mode, [prefix, suffix]);
  if ("reason" in syntax) return syntax;
  const open = prefix.lastIndexOf("{");
  const close = syntax.text.length - suffix.length + suffix.indexOf("}") + 1;
  const body = findBody(syntax.program, open);
  const last = body?.body.at(-1);
  if (body === undefined || body.end !== close) return refuse(component, "leaves the body of its function");
  if (last === undefined) return refuse(component, "must be at least one statement");
  if (body.body.some(({ type }) => /^(?:Im|Ex)port.*Declaration$/.test(type))) {
    return refuse(component, "may not import or export");
  }
  return { end: last.end - prefix.length, isOpen: endsWithSemicolon.test(last.type) };
}

interface Body {
  readonly end: number;
  readonly body: readonly { readonly type: string; readonly end: number }[];
}

/** The block that starts at an offset. */
function findBody(root: AnyNode, start: number): Body | undefined {
  if (root.type === "BlockStatement" && root.start === start) return root as AnyNode & Body;
  for (const child of childrenOf(root)) {
    if (child.start > start || child.end <= start) continue;
    const found = findBody(child, start);
    if (found !== undefined) return found;
  }
  return undefined;
}
