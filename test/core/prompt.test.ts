import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  askToRewrite,
  type Component,
  componentFeedbackParagraph,
  feedbackParagraph,
  type Genome,
  proposed,
  type Rewrite,
  readCompact,
  readTagged,
  rejected,
  signaturesParagraph,
  writeCompact,
  writeTagged,
} from "../../src/core/index.ts";
import { scripted } from "../scripted-model.ts";
import { contextOf, evaluated, genomeOf } from "./fixtures.ts";

/** Pieces of text that try to break a reader: tags, ends of tags, quotes, line breaks of all sorts. */
const hostilePiece = fc.oneof(
  fc.constantFrom(
    ...['<component name="a">', '<component name="b">\n', "</component>", "</component>\n", "</component-x>"],
    ...[
      "<component-x name=",
      '<component-x name="a">',
      "<component",
      "</component",
      "component",
      "<",
      ">",
      '"',
      "\\",
    ],
    ...["```", "```\n", "\n```js\n", "~~~\n"],
    ...["\n", "\r\n", "\r", "\n\n", " ", "\t", "\u2028", "\u0000", "function f() {}", "🧬", "e\u0301"],
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
);
const hostileText = fc.array(hostilePiece, { maxLength: 8 }).map((pieces) => pieces.join(""));
const hostileName = fc.oneof(
  fc.constantFrom("a", "b", 'a"', '">', "a\\", "</component>", "a\nb", "<component name="),
  hostileText,
);

/** Genomes of components with distinct names, and some of their indexes, ascending. */
const genomeAndIndexes = fc
  .uniqueArray(hostileName, { minLength: 1, maxLength: 5 })
  .chain((names) =>
    fc.tuple(
      fc.tuple(...names.map((name) => hostileText.map((text): Component => ({ name, text })))),
      fc.subarray([...names.keys()], { minLength: 1 }),
    ),
  );

const textsOf = (genome: Genome, indexes: readonly number[]) =>
  new Map(indexes.map((index) => [index, genome[index]!.text]));

describe("tagged components", () => {
  it("read back exactly as they were written, whatever their names and texts hold", () => {
    fc.assert(
      fc.property(genomeAndIndexes, ([genome, indexes]) => {
        const answer = writeTagged(genome, indexes);
        expect(readTagged(answer, genome, indexes)).toEqual(proposed(textsOf(genome, indexes)));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it("read back from the middle of chatter and from lines that end with CRLF, which become LF", () => {
    const genome = genomeOf("one\n", "two");
    const answer = `Sure!\r\n<component name="b">\r\nnew two\r\n</component>\r\nand\r\n<component name="a">\r\nnew\r\n</component>\r\n`;
    expect(readTagged(answer, genome, [0, 1])).toEqual(
      proposed(
        new Map([
          [0, "new\n"],
          [1, "new two"],
        ]),
      ),
    );
  });

  it("end with a line break exactly when the original does", () => {
    const bare = '<component name="a">new</component><component name="b">\nnew\n</component>';
    expect(readTagged(bare, genomeOf("x\n", "y"), [0, 1])).toEqual(
      proposed(
        new Map([
          [0, "new\n"],
          [1, "new"],
        ]),
      ),
    );
  });

  it("are shown between tags that carry the name, as the model must give them back", () => {
    expect(writeTagged(genomeOf("one\n", "two"), [0, 1])).toBe(
      '<component name="a">\none\n</component>\n<component name="b">\ntwo\n</component>',
    );
  });

  const two = genomeOf("one\n", "two\n");
  it.each<[string, string, string]>([
    ["is empty", "", "the answer is empty"],
    ["is chatter", "Make them shorter.", "the answer lacks component a"],
    ["misses a component", '<component name="a">\nx\n</component>', "the answer lacks component b"],
    [
      "gives a component twice",
      '<component name="a">\nx\n</component>\n<component name="a">\ny\n</component>',
      "the answer gives component a twice",
    ],
    [
      "leaves the last component open",
      '<component name="a">\nx\n</component>\n<component name="b">\ny\n',
      "component b does not end with </component>",
    ],
    [
      "leaves a component open before the next one",
      '<component name="a">\nx\n<component name="b">\ny\n</component>',
      "component a does not end with </component>",
    ],
  ])("are rejected with the reason when the answer %s", (_case, answer, reason) => {
    expect(readTagged(answer, two, [0, 1])).toEqual(rejected(reason));
  });

  it.each<[string, string, string, string]>([
    ["without a language", "```\nnew\n```\n", "old\n", "new\n"],
    ["with a language", "```js\nnew\nlines\n```\n", "old", "new\nlines"],
    ["with white space around it", "\n  ```js title=x\nnew\n  ``` \n\n", "old", "new"],
    ["with lines that end with CRLF", "```js\r\nnew\r\n```\r\n", "old\r\n", "new\r\n"],
    ["around nothing", "```\n```\n", "old\n", "\n"],
  ])("lose the code fence around the whole of them, %s", (_case, body, original, expected) => {
    const answer = `<component name="a">\n${body}</component>`;
    expect(readTagged(answer, genomeOf(original), [0])).toEqual(proposed(new Map([[0, expected]])));
  });

  it.each<[string, string, string]>([
    ["the original has one, too", "```js\nnew\n```\n", "```\nold\n```\n"],
    ["there is text before it", "Sure:\n```js\nnew\n```\n", "old\n"],
    ["there is text behind it", "```js\nnew\n```\nDone.\n", "old\n"],
    ["there are two of them", "```js\nnew\n```\n\n```js\nmore\n```\n", "old\n"],
    ["the original has one that stays open", "```js\nnew\n", "```\nold\n"],
  ])("keep a code fence where %s", (_case, body, original) => {
    const answer = `<component name="a">\n${body}</component>`;
    expect(readTagged(answer, genomeOf(original), [0])).toEqual(proposed(new Map([[0, body]])));
  });

  it("have a tag that depends on what is shown of the solution alone, names included", () => {
    const genome = [{ name: "</component>", text: "x\n" }, ...genomeOf("one\n", "<component")];
    expect(writeTagged(genome, [1])).toBe('<component name="a">\none\n</component>');
    expect(writeTagged(genome, [0, 1])).toMatch(/^<component-x name="<\/component>">\n/);
    expect(writeTagged(genome, [1, 2])).toMatch(/^<component-x name="a">\n/);
  });

  it("have a tag that no spelling of it in a text can open or close", () => {
    const tagIn = (...texts: readonly string[]) =>
      /^<([\w-]+)/.exec(writeTagged(genomeOf(...texts), [0]))?.[1];
    for (const text of ["<Component>", "</COMPONENT", "</ component>", "<component\n", "</component/"]) {
      expect(tagIn(text)).toBe("component-x");
    }
    for (const text of ["<components>", "<componentX", "< component>", "component>", "<component_x>"]) {
      expect(tagIn(text)).toBe("component");
    }
    expect(tagIn("<component-x>")).toBe("component");
    expect(tagIn("<component-x> </Component>")).toBe("component-x-x");
    expect(tagIn(`<component${"-x".repeat(300_000)}>`)).toBe("component");
  });

  it("need the tag that no text of the solution holds, so plain tags are rejected then", () => {
    const genome = genomeOf("text with </component> in it\n");
    expect(readTagged('<component name="a">\nx\n</component>', genome, [0])).toEqual(
      rejected("the answer lacks component a"),
    );
    expect(readTagged('<component-x name="a">\nx\n</component-x>', genome, [0])).toEqual(
      proposed(new Map([[0, "x\n"]])),
    );
  });
});

describe("compact components", () => {
  it("read back exactly as they were written, when any of them holds more than white space", () => {
    fc.assert(
      fc.property(genomeAndIndexes, ([genome, indexes]) => {
        const answer = writeCompact(genome, indexes);
        fc.pre(answer.trim() !== "");
        expect(readCompact(answer, genome, indexes)).toEqual(proposed(textsOf(genome, indexes)));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it("are their texts alone: no name, no instructions, each ended by one line break", () => {
    expect(writeCompact(genomeOf("one\n", "two\nlines", "three\n"), [0, 1])).toBe("one\ntwo\nlines\n");
  });

  it("keep their numbers of lines, so each gets the lines at its place", () => {
    const genome = genomeOf("1\n2\n", "3", "4\n");
    expect(readCompact("a\nb\nc\nd\n", genome, [0, 1, 2])).toEqual(
      proposed(
        new Map([
          [0, "a\nb\n"],
          [1, "c"],
          [2, "d\n"],
        ]),
      ),
    );
  });

  it("have the line breaks of the original, and no byte order mark before them", () => {
    expect(readCompact("\ufeffa\r\nb\r\nc\n", genomeOf("1\n", "2\r\n", "3\r\n"), [0, 1, 2])).toEqual(
      proposed(
        new Map([
          [0, "a\n"],
          [1, "b\r\n"],
          [2, "c\r\n"],
        ]),
      ),
    );
  });

  it("are rejected with a control character that the original does not have", () => {
    const reason = "component b holds the control character U+001B";
    expect(readCompact("x\ny\u001b\n", genomeOf("1\n", "2\n"), [0, 1])).toEqual(rejected(reason));
    expect(readCompact("x\u001b\n", genomeOf("1\u001b\n"), [0]).status).toBe("proposed");
  });

  const two = genomeOf("one\n", "two\n");
  it.each<[string, string, string]>([
    ["is empty", "", "the answer is empty"],
    ["is white space", " \n\n", "the answer is empty"],
    ["has too few lines", "x\n", "expected 2 lines, got 1"],
    ["has too many lines", "x\ny\nz\n", "expected 2 lines, got 3"],
    ["has an empty line more", "x\ny\n\n", "expected 2 lines, got 3"],
  ])("are rejected with the reason when the answer %s", (_case, answer, reason) => {
    expect(readCompact(answer, two, [0, 1])).toEqual(rejected(reason));
  });
});

describe("no answer", () => {
  /** A proposal changes exactly what was asked for; anything else is a rejection with a reason. */
  const staysInside = (proposal: Rewrite, indexes: readonly number[]) => {
    if (proposal.status === "proposed") expect([...proposal.changes.keys()]).toEqual(indexes);
    else expect(proposal.reason).toMatch(/\S/);
  };
  const named = (name: string) =>
    fc.constantFrom(
      ...["component", "component-x"].flatMap((tag) => [
        `<${tag} name=${JSON.stringify(name)}>\n`,
        `</${tag}>\n`,
      ]),
    );
  const request = genomeAndIndexes.chain(([genome, indexes]) => {
    const piece = fc.oneof(...genome.map(({ name }) => named(name)), hostilePiece);
    return fc.tuple(fc.constant(genome), fc.constant(indexes), fc.array(piece, { maxLength: 14 }));
  });

  it("can change a component that was not asked for, in either prompt mode", () => {
    let proposals = 0;
    fc.assert(
      fc.property(request, ([genome, indexes, pieces]) => {
        const answer = pieces.join("");
        for (const read of [readTagged, readCompact]) {
          const proposal = read(answer, genome, indexes);
          staysInside(proposal, indexes);
          if (proposal.status === "proposed") proposals += 1;
        }
      }),
      { seed: 1, numRuns: 3000 },
    );
    expect(proposals).toBeGreaterThan(100); // the answers are not all rejected
  });

  it("is read for components outside the solution", () => {
    expect(() => readTagged("", genomeOf("x"), [1])).toThrow(RangeError);
    expect(() => writeCompact(genomeOf("x"), [-1])).toThrow(RangeError);
  });
});

describe("what a prompt says beside the components", () => {
  it("cannot open or close a component, and is read with the same tag as it was written", async () => {
    const tag = fc.constantFrom(
      '<component name="a">',
      "</component>",
      "<component-x",
      "</component-x>",
      "<<component",
    );
    const paragraph = fc
      .array(fc.oneof(tag, hostilePiece), { maxLength: 6 })
      .map((pieces) => pieces.join(""));
    await fc.assert(
      fc.asyncProperty(
        genomeAndIndexes,
        fc.array(paragraph, { maxLength: 3 }),
        async ([genome, indexes], context) => {
          const written = writeTagged(genome, indexes);
          const model = scripted(() => written);
          const [note = "", statement = "", specs = ""] = context;
          const given = contextOf(model, {
            statement,
            note,
            parents: [evaluated({ status: "ok", fitness: 0 }, genome)],
          });
          const parts = { instructions: "Do.", specs };
          expect(await askToRewrite(model, given, { indexes, parts })).toEqual(
            proposed(textsOf(genome, indexes)),
          );
          const { text } = model.requests[0]!.messages[0]!;
          expect(text.endsWith(written)).toBe(true);
          expect(text.slice(0, -written.length)).not.toMatch(/<\/?component/);
        },
      ),
      { seed: 1, numRuns: 1000 },
    );
  });

  it("is the feedback, as it is when it is short, else its start and its end", () => {
    const score = "Score of this solution (higher is better): 1";
    expect(feedbackParagraph({ status: "ok", fitness: 1, feedback: "f" })).toBe(
      `${score}\nFeedback on this solution:\nf`,
    );
    expect(feedbackParagraph({ status: "failed", reason: "crash" })).toBe(
      "The evaluation of this solution failed (crash).",
    );
    expect(feedbackParagraph({ status: "ok", fitness: 1, feedback: "" })).toBe(score);
    expect(
      feedbackParagraph({ status: "ok", fitness: 1 / 3, metrics: { ratio: 2 / 3, count: 12345678 } }),
    ).toBe("Score of this solution (higher is better): 0.333333; ratio 0.666667, count 12345700");
    const feedback = `START${"🧬".repeat(50_000)}END`;
    const paragraph = feedbackParagraph({ status: "failed", reason: "crash", feedback })!;
    expect(paragraph).toMatch(
      /^The evaluation of this solution failed \(crash\)\.\nFeedback on this solution:\nSTART.*\n\[\.\.\. 98008 characters left out \.\.\.\]\n.*END$/u,
    );
    expect(paragraph.length).toBeLessThan(2200);
    expect(paragraph.isWellFormed()).toBe(true);
  });

  it("is for one component the feedback on it alone, where the evaluator gives any", () => {
    const score = "Score of this solution (higher is better): 1";
    const told = {
      status: "ok",
      fitness: 1,
      feedback: "all",
      componentFeedback: { 1: "b is wrong", 2: "c".repeat(5000) },
    } as const;
    expect(componentFeedbackParagraph(told, 1)).toBe(`${score}\nFeedback on this component:\nb is wrong`);
    expect(componentFeedbackParagraph(told, 0)).toBe(score);
    expect(componentFeedbackParagraph(told, 2)!.length).toBeLessThan(950);
    expect(componentFeedbackParagraph({ status: "ok", fitness: 1, feedback: "all" }, 1)).toBe(
      `${score}\nFeedback on this solution:\nall`,
    );
    expect(componentFeedbackParagraph({ status: "failed", reason: "crash", feedback: "all" }, 1)).toBe(
      "The evaluation of this solution failed (crash).\nFeedback on this solution:\nall",
    );
  });
});

describe("the signatures around a component", () => {
  const heading = "Signatures of other components that it may call:\n";
  const functionNamed = (name: string, more: Partial<Component> = {}): Component => ({
    ...{ name, text: `function ${name}() {}`, signature: `function ${name}()`, file: "a.js", ...more },
  });

  it("are those that its text or spec names, then its neighbours in the file from near to far", () => {
    const genome = [
      functionNamed("far.js:Shape.area#2", { file: "far.js", signature: "area(shape)" }),
      functionNamed("unrelated", { file: "far.js" }),
      functionNamed("one"),
      functionNamed("two"),
      functionNamed("self", { text: "function self() { return this.area(four); }", spec: "Uses six." }),
      functionNamed("four"),
      functionNamed("five"),
      functionNamed("six", { file: "far.js" }),
      { name: "block", text: "", file: "a.js" },
      functionNamed("seven"),
    ];
    expect(signaturesParagraph(genome, 4)).toBe(
      `${heading}${["area(shape)", ...["four", "six", "two", "one", "five", "seven"].map((name) => `function ${name}()`)].join("\n")}`,
    );
  });

  it("are left out where no other component has one", () => {
    expect(signaturesParagraph(genomeOf("a", "b"), 0)).toBeUndefined();
    expect(signaturesParagraph([functionNamed("alone")], 0)).toBeUndefined();
  });

  it("are at most 12 and 600 characters in all, a long or broken one on one cut line", () => {
    const many = Array.from({ length: 500 }, (_, index) => functionNamed(`f${index}`));
    expect(signaturesParagraph(many, 250)!.split("\n")).toHaveLength(13);
    const long = many.map((one, index) => ({ ...one, signature: `f${index}(\n  ${"x".repeat(1e4)})` }));
    const paragraph = signaturesParagraph(long, 250)!;
    expect(paragraph.length).toBeLessThanOrEqual(heading.length + 600);
    expect(paragraph.split("\n").slice(1)).toEqual(
      [249, 251, 248].map((index) => `f${index}( ${"x".repeat(153)}…`),
    );
  });
});
