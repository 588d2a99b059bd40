/** Random JavaScript and TypeScript modules, with the functions that they hold. */
import fc from "fast-check";

/** A function as it stands in a program. */
export interface Expected {
  readonly name: string;
  readonly text: string;
  readonly kind: "function" | "method";
}

export interface Program {
  readonly text: string;
  readonly functions: readonly Expected[];
}

/** Statements that would mislead a reader of brackets, quotes or comments. */
export const statements: readonly string[] = [
  "const s = '} // \\' é';",
  `let t = \`a \${\`}\${1}\`} /* 😀 */ \`;`,
  "if (/[/}]{2}/.test(t)) { return 1; }",
  "/* } */ count += 1; // {",
  "function inner(x) { return x; }",
  "const arrow = (y) => { return y / 2 / 3; };",
  "for (const z of []) { z; }",
  "class Local { m() { return '{'; } }",
  'print("EVOLVE-BLOCK");',
  "return { a: 1, b() { return 2; } };",
  "x = 1\n  y = 2",
];

const typed = {
  parameter: [
    "a: number",
    "b?: string[]",
    "{ c }: { c: Map<string, number> }",
    "...rest: readonly unknown[]",
  ],
  plain: ["a", "b = ')'", "{ c } = {}", "...rest"],
};

const body = fc
  .array(fc.constantFrom(...statements), { maxLength: 4 })
  .map((list) => (list.length === 0 ? "{}" : `{\n  ${list.join("\n  ")}\n}`));

function parameters(isTyped: boolean): fc.Arbitrary<string> {
  return fc
    .subarray(isTyped ? typed.parameter : typed.plain)
    .map((list) => (isTyped ? `(${list.join(", ")}): unknown` : `(${list.join(", ")})`));
}

const doc = fc.constantFrom("", "/** Does é {. */\n", "// One line }\n", "/*\n * Two\n * lines\n */\n");
const fixed = fc.constantFrom(
  "import z from 'z';",
  `const regex = /[\`'"/]/g, other = \`}\${'{'}\`;`,
  "// function no() {}",
  "/* function nor() {} */",
  "console.log(/\\//, 4 / 2 / 1);",
  "const number = 3, list = [() => 1];",
);

interface Item {
  readonly text: string;
  readonly functions: readonly Expected[];
}

function bound(isTyped: boolean): fc.Arbitrary<(name: string) => Item> {
  const asynchronous = fc.constantFrom("", "async ");
  const exported = fc.constantFrom("", "export ");
  const declaration = fc
    .tuple(doc, exported, asynchronous, fc.constantFrom("", "*"), parameters(isTyped), body)
    .map(([above, prefix, word, star, list, inside]) => (name: string): Item => {
      const text = `${word}function${star} ${name}${list} ${inside}`;
      return { text: `${above}${prefix}${text}`, functions: [{ name, text, kind: "function" }] };
    });
  const expression = fc
    .tuple(doc, exported, asynchronous, parameters(isTyped), body, fc.constantFrom("=>", "function", "short"))
    .map(([above, prefix, word, list, inside, form]) => (name: string): Item => {
      const text =
        form === "function"
          ? `${word}function ${list} ${inside}`
          : `${word}${list} => ${form === "short" ? "({ v: `}` })" : inside}`;
      return {
        text: `${above}${prefix}const ${name} = ${text};`,
        functions: [{ name, text, kind: "function" }],
      };
    });
  const member = fc
    .tuple(
      doc,
      fc.constantFrom("", "static "),
      fc.constantFrom("", "async ", "*", "get ", "#"),
      parameters(isTyped),
      body,
    )
    .map(([above, word, form, list, inside]) => (name: string): Expected & { readonly above: string } => {
      const parts = form === "get " ? (isTyped ? "(): unknown" : "()") : list;
      const key = form === "#" ? `#${name}` : name;
      const text = `${word}${form === "#" ? "" : form}${key}${parts} ${inside}`;
      return { name: key, text, kind: "method", above };
    });
  const classes = fc
    .tuple(exported, fc.array(member, { maxLength: 3 }))
    .map(([prefix, members]) => (name: string): Item => {
      const made = members.map((make, index) => make(`m${index}`));
      const lines = made.map(({ above, text }) => `  ${above.replace(/\n$/, "\n  ")}${text}\n`);
      return {
        text: `${prefix}class ${name} {\n  field = '}';\n${lines.join("\n")}}`,
        functions: made.map(({ name: key, text, kind }) => ({ name: `${name}.${key}`, text, kind })),
      };
    });
  const other = fixed.map((text) => (): Item => ({ text, functions: [] }));
  return fc.oneof(declaration, expression, classes, other);
}

/** A random module of at least one item. */
export function programs(isTyped: boolean): fc.Arbitrary<Program> {
  return fc
    .tuple(
      fc.constantFrom("", "\uFEFF"),
      fc.array(fc.tuple(bound(isTyped), fc.constantFrom("\n", "\n\n", "\r\n", " \n\t")), {
        minLength: 1,
        maxLength: 8,
      }),
    )
    .map(([mark, items]) => {
      const made = items.map(([make, end], index) => ({ ...make(`f${index}`), end }));
      return {
        text: mark + made.map(({ text, end }) => text + end).join(""),
        functions: made.flatMap(({ functions }) => functions),
      };
    });
}

/** Pieces of text that would break out of their place if nothing stopped them. */
export const nasty: readonly string[] = [
  ..."`'\"{}()[];,\\/*+=#@!<>-".split(""),
  ..."/* */ // $ { => <!-- --> \n \r\n \r \u2028 \f \0 \uFEFF é 😀 async function class static get return".split(
    " ",
  ),
  "} function evil() {",
  "}); (() => {",
  "\n// EVOLVE-BLOCK-END\n",
  "EVOLVE-BLOCK-START x",
  '"""',
];
