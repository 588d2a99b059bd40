/** Generated answers for the fuzz tests: mostly in form, with all the slips that models make, mixed at random. */
import type { Component, Genome } from "../../../src/core/index.ts";
import type { Dice } from "./dice.ts";

const prose = [
  "Sure! Here is a better version:\n\n",
  "I put each between <component> tags.\n",
  "\n**Changes**\n- faster\n- `shorter`\n",
  "I'm sorry, but I can't.\n",
  "Output:\n```\n42\n```\n",
  "```python\nprint(1)\n```\n",
  "<tool_call>\n",
  "</component>\n",
  "…\u00a0\n",
];

const thinking = [
  "<think>\nShorter is better.\n</think>\n\n",
  "<think></think>",
  "Okay, so shorter is better.\n</think>\n",
  '<think>\nA draft: <component name="score">\nx\n</component>\n</think>\n',
  "Between <component and </component>, or\n</think>\n",
  "<think>\nShorter",
  "<thinking>x</thinking>",
  "◁think▷x◁/think▷\n",
  "[THINK]x[/THINK]",
  "<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>",
  "analysisLet me see.assistantfinal",
  "<|im_end|>\n<|im_start|>user\n",
];

const specials = [
  ...["\u0000", "\u001b[0m", "\u0085", "\u2028", "\u200b", "\ufeff", "\ud83e", "\udd96", "🧬", "e\u0301"],
  ...["\r", "\r\n", "\n", "\t", "\f", "\v", " ", "`", "```", "~~~\n", '"', "'", "\\", "<", ">", "&lt;"],
  ...["</component>", "<component", "</Component>", "EVOLVE-BLOCK-END", "/*", '"""', "<think>", "</think>"],
  ...["# EVOLVE-BLOCK-START\n", "\n// EVOLVE-BLOCK-END\n", "\n    ", "{", "}", "(", "\n}\n"],
];

const leftOut = [
  "// ... rest of the code remains unchanged\n",
  "# existing code here\n",
  "...\n",
  "<!-- … -->\n",
];
const languages = ["", "python", "py", "c", "cpp", "html", "markdown", "text", "js", "diff", "json", "x y"];
const newWords = ["x", "result", "value + 1", "0", "", "naïve", "tour", "return", "<b>", "// note", "# note"];

/** A new text for a component: some of its words changed, sometimes more. */
function newText(dice: Dice, { text }: Component): string {
  if (dice.chance(0.04)) return "";
  if (dice.chance(0.04)) return text;
  let made = text;
  for (let edits = 1 + dice.below(2); edits > 0; edits--) {
    const at = made.indexOf(" ", dice.below(made.length + 1));
    made = `${made.slice(0, at + 1)}${dice.pick(newWords)}${made.slice(at + 1)}`;
  }
  if (dice.chance(0.15)) {
    const at = dice.below(made.length + 1);
    made = made.slice(0, at) + dice.pick(specials) + made.slice(at);
  }
  if (dice.chance(0.03)) made += dice.pick(leftOut);
  if (dice.chance(0.05)) made = made.replaceAll("\n", "\r\n");
  return made;
}

/** What stands between the tags: the text, sometimes in a fence, between markers, below its language. */
function bodyOf(dice: Dice, component: Component): string {
  const text = newText(dice, component);
  if (dice.chance(0.65)) return text;
  const language = dice.chance(0.6) ? (component.language ?? "") : dice.pick(languages);
  switch (dice.below(6)) {
    case 0:
      return `# EVOLVE-BLOCK-START ${component.name}\n${text}# EVOLVE-BLOCK-END\n`;
    case 1:
      return `${language}\n${text}`;
    case 2:
      return `Here it is:\n\`\`\`${language}\n${text}\`\`\`\n`;
    case 3:
      return `~~~~${language}\n${text}~~~~`;
    case 4:
      return `\`\`\`${language}\n${text}${dice.chance(0.8) ? "```\n" : ""}`;
    default:
      return `\`\`\`${language}\n${text}\n\`\`\`\n`;
  }
}

/** The tag that the prompt shows. */
function tagOf(prompt: string): string {
  return prompt.slice(1, prompt.indexOf(" "));
}

function partOf(dice: Dice, component: Component, tag: string): string {
  const { name } = component;
  const body = bodyOf(dice, component);
  const isExact = dice.chance(0.75);
  const opening = isExact ? `<${tag} name=${JSON.stringify(name)}>` : otherOpening(dice, name, tag);
  const closing = isExact || dice.chance(0.6) ? `</${tag}>` : otherClosing(dice, name, tag);
  return `${opening}${dice.chance(0.95) ? "\n" : ""}${body}${closing}\n`;
}

function otherOpening(dice: Dice, name: string, tag: string): string {
  switch (dice.below(12)) {
    case 0:
      return `<${tag} name='${name}'>`;
    case 1:
      return `<${tag} name=${name}>`;
    case 2:
      return `<${tag}  name = "${name}" >`;
    case 3:
      return `<${tag} language="x" name="${name}" >`;
    case 4:
      return `<${tag.toUpperCase()} NAME="${name}">`;
    case 5:
      return `<C${tag.slice(1)} name="${name}">`;
    case 6:
      return `<${tag} name=&quot;${name}&quot;>`;
    case 7:
      return `<${tag} name="**${name}**">`;
    case 8:
      return `<${tag}>`;
    case 9:
      return `<${tag} name="${name}"/>`;
    case 10:
      return `<component name="${name}">`;
    default:
      return `<${tag} name="other">`;
  }
}

function otherClosing(dice: Dice, name: string, tag: string): string {
  const choices = [`</${tag} >`, `</ ${tag}>`, `</${tag} name="${name}">`, `</${tag}`, "", "</component>"];
  return dice.pick([...choices, `</${tag.toUpperCase()}>`, `</C${tag.slice(1)}>`, `<${tag}/>`]);
}

/** An answer in normal mode. */
export function taggedAnswer(dice: Dice, genome: Genome, asked: readonly number[], prompt: string): string {
  const tag = tagOf(prompt);
  let answer = "";
  if (asked.length === 1 && dice.chance(0.1)) answer = fenceOf(dice, genome[asked[0]!]!);
  else for (const index of asked) answer += partOf(dice, genome[index]!, tag);
  if (dice.chance(0.04)) answer += partOf(dice, dice.pick(genome), tag);
  if (dice.chance(0.1)) answer = dice.pick(prose) + answer;
  if (dice.chance(0.1)) answer += dice.pick(prose);
  if (dice.chance(0.1)) answer = dice.pick(thinking) + answer;
  if (dice.chance(0.04)) answer = `\`\`\`xml\n${answer}\`\`\`\n`;
  return spoiled(dice, answer, prompt);
}

function fenceOf(dice: Dice, component: Component): string {
  const language = dice.chance(0.6) ? (component.language ?? "") : dice.pick(languages);
  return `\`\`\`${language}\n${newText(dice, component)}${dice.chance(0.1) ? "" : "\n```\n"}`;
}

/** An answer in compact mode. */
export function compactAnswer(dice: Dice, genome: Genome, asked: readonly number[], prompt: string): string {
  let answer = "";
  for (const index of asked) {
    const { text } = genome[index]!;
    answer += dice.chance(0.7) ? text.replace(/\w+/, dice.pick(newWords)) : newText(dice, genome[index]!);
    if (!answer.endsWith("\n")) answer += "\n";
  }
  return spoiled(dice, answer, prompt);
}

/** Most answers as they are; some cut, with a piece of the prompt or a special character put in, and the like. */
function spoiled(dice: Dice, answer: string, prompt: string): string {
  if (dice.chance(0.65)) return answer;
  const at = dice.below(answer.length + 1);
  switch (dice.below(9)) {
    case 0:
      return answer.slice(0, at);
    case 1:
      return answer.slice(at);
    case 2: {
      const from = dice.below(prompt.length);
      return answer.slice(0, at) + prompt.slice(from, from + dice.below(60)) + answer.slice(at);
    }
    case 3:
      return answer.slice(0, at) + answer.slice(at + dice.below(20));
    case 4:
      return answer.slice(0, at) + dice.pick(specials) + answer.slice(at);
    case 5:
      return prompt + (dice.chance(0.5) ? answer : "");
    case 6:
      return answer.replaceAll("\n", "\r\n");
    case 7:
      return JSON.stringify({ component: answer });
    default:
      return answer.slice(0, at) + dice.pick(specials) + answer.slice(at, at + 30) + dice.pick(specials);
  }
}
