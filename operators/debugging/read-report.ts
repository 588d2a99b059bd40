/**
 * Reads what quality assurance says of code, as models really write it: that nothing is wrong, or what is. Only a
 * meaning beyond doubt is taken.
 */
import { type Genome, type ModelResponse, readNote } from "../../src/core/index.ts";

/** What quality assurance says. */
export type Report =
  | { readonly status: "ok" }
  /** `component` is the index of the one that is wrong; `text` says so, without anything like a tag. */
  | { readonly status: "wrong"; readonly component: number; readonly text: string }
  | { readonly status: "unreadable"; readonly reason: string };

/** Answers as `ModelRequest.readAs` has them. */
type Answer = Pick<ModelResponse, "text" | "stopReason">;

/** Most characters of a report. */
const mostCharacters = 1000;

/** Reads a report on all components, which names the one that is wrong: by its name or by that of its function. */
export function readReportOnAll(answer: Answer, genome: Genome): Report {
  const text = textOf(answer);
  if (typeof text !== "string") return text;
  const names = namesOf(genome);
  const fine = new Set<number>();
  let isAllFine = false;
  for (const line of linesOf(text)) {
    const named = namedIn(line, names);
    const [component, second] = named.all;
    if (component === undefined) {
      if (isNothing(bareLine(line).replace(lead, ""))) return { status: "ok" };
      // That one part is right may come before what is wrong.
      if (saysNothingIsWrong(line)) isAllFine = true;
    } else if (saysNothingIsWrong(line) || isAcquitted(named.behind)) fine.add(named.first ?? component);
    else if (named.first !== undefined) return { status: "wrong", component: named.first, text };
    else if (second === undefined) return { status: "wrong", component, text };
    else return unreadable("the report names several components");
  }
  // Some go through the list, one line each.
  if (isAllFine || fine.size === genome.length) return { status: "ok" };
  if (fine.size === 0) return unreadable("the report names no component");
  return unreadable("the report names a component in which nothing is wrong");
}

/** Reads a report on one component: anything but that nothing is wrong is what is wrong. */
export function readReportOnOne(answer: Answer, genome: Genome, component: number): Report {
  const text = textOf(answer);
  if (typeof text !== "string") return text;
  const lines = linesOf(text);
  const [first = ""] = lines;
  // Whether it does what it must, or whether something is wrong? Nobody knows which question that answers.
  if (lines.length === 1 && /^(?:yes|no)$/i.test(bareLine(first)))
    return unreadable("the report is a bare yes or no");
  const named = namedIn(first, namesOf(genome.slice(component, component + 1)));
  const isFine =
    saysNothingIsWrong(first) || isAcquitted(named.behind) || nothing.test(bareLine(lines.at(-1) ?? ""));
  return isFine ? { status: "ok" } : { status: "wrong", component, text };
}

/** A report in a form in which equal reports are equal, for voting; undefined where it cannot be read. */
export function reportKey(report: Report): string | undefined {
  if (report.status === "unreadable") return undefined;
  return report.status === "ok" ? "ok" : String(report.component);
}

function unreadable(reason: string): Report & { readonly status: "unreadable" } {
  return { status: "unreadable", reason };
}

const refusal =
  /^(?:I(?:['’]m| am) (?:very |really |so )?(?:sorry|unable)|Sorry|I (?:cannot|can['’]t|can not|won['’]t) (?:help|assist|do)|I apologi[sz]e|As an AI|Unfortunately, I)\b/i;

/** The text of an answer without its thinking, or why there is none. */
function textOf(answer: Answer): string | (Report & { readonly status: "unreadable" }) {
  if (answer.stopReason === "length") return unreadable("the report was cut at its token limit");
  const read = readNote(answer, mostCharacters);
  if (read.status !== "noted")
    return unreadable(read.status === "rejected" ? read.reason : "the answer is empty");
  return refusal.test(read.note) ? unreadable("the report is a refusal") : read.note;
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

/** A line without white space, emphasis, quotes and punctuation around it. */
function bareLine(line: string): string {
  return line.replace(/^[\s>*_`"'“”#.:!-]+|[\s*_`"'“”.!:;-]+$/g, "");
}

const lead =
  /^(?:there (?:is|are)|(?:i|we) (?:can |could )?(?:see|saw|find|found|have|spot)|(?:the )?(?:answer|result|verdict|report)(?: is)?:?|it has|(?:the|this) (?:function|component|code) has)\s+/i;
const nothing = /^(?:ok(?:ay)?|none|nothing|no|correct|lgtm)$/i;
const noun = "(?:bugs?|errors?|problems?|issues?|faults?|mistakes?)";
const nothingWrong = new RegExp(
  `^(?:(?:no|not any)(?: \\w+)? ${noun}(?: (?:(?:was |were |is |are )?(?:found|left|here|seen)|in|with)\\b[^,;]*)?` +
    "|nothing(?: \\w+)? wrong\\b[^,;]*)$",
  "i",
);
const allRight =
  /^(?:all|every\w*|it|this|the)\b[^.;:]{0,60}\b(?:is|are|looks?|seems?|appears? to be)\b[^.;:]{0,30}\b(?:correct|right|fine|ok|okay|good|sound)\b/i;
const doesItsTask =
  /^(?:(?:all|every\w*|it|this|the)\b[^.;:]{0,60}\b)?(?:do(?:es)?(?: (?:its task|so|it))?|(?:works?|behaves?) (?:correctly|properly|fine|well|as (?:expected|intended|specified)))$/i;
/** What instructions call what a component is for. */
const task =
  /\b(?:exactly )?what (?:it|they|each|the \w+) (?:must|should|(?:is|are) supposed to|ha(?:s|ve) to) do\b/i;
const reservation =
  /\b(?:but|except|however|though|although|not|only|unless|instead|should|must|wrong|incorrect\w*|fail\w*|miss\w*|lacks?)\b|n't\b/i;

/** Whether a line says that nothing is wrong, in each of its clauses; "ok" may be explained. */
function saysNothingIsWrong(line: string): boolean {
  const bare = bareLine(line).replace(lead, "").replace(task, "its task");
  if (isNothing(bare)) return true;
  const [first = "", ...others] = bare.split(/[.!,;:]\s+|\s+[-–—]+\s+|\s+(?=\()|\s+and\s+/).map(bareClause);
  if (reservation.test(bare)) return false;
  if (/^ok(?:ay)?$/i.test(first)) return true;
  const isFine = (clause: string) => isNothing(clause) || allRight.test(clause) || doesItsTask.test(clause);
  return others.every(isFine) && (isFine(first) || (others.length > 0 && /^yes$/i.test(first)));
}

/** Whether it is one of the ways to say so alone. */
function isNothing(bare: string): boolean {
  return nothing.test(bare) || nothingWrong.test(bare);
}

function bareClause(clause: string): string {
  return bareLine(clause.replace(/^\(|\)$/g, "")).replace(lead, "");
}

/** Whether what stands behind a component's name says that nothing is wrong with it. */
function isAcquitted(behind: string | undefined): boolean {
  if (behind === undefined) return false;
  const verdict = bareLine(behind);
  if (/^no$/i.test(verdict)) return false; // it may say that it does not do what it must
  const [first = ""] = verdict.split(/[,;]\s+/);
  return [verdict, `it ${verdict}`].some(saysNothingIsWrong) || /^(?:ok(?:ay)?|correct|lgtm)$/i.test(first);
}

/** The names that a line may call each component by: its own, and that of its function where no other has it. */
type Names = readonly (readonly string[])[];

/** What code calls a component by, e.g. `area` of "shapes.js:Circle.area#2". */
const ownName = /[:.]([\p{L}_$][\p{L}\p{N}_$]*)(?:#\d+)?$/u;

function namesOf(genome: Genome): Names {
  const called = genome.map(({ name }) => ownName.exec(name)?.[1] ?? name);
  const count = new Map<string, number>();
  for (const name of called) count.set(name, (count.get(name) ?? 0) + 1);
  return genome.map(({ name }, index) => {
    const short = called[index] ?? name;
    return short === name || count.get(short) !== 1 ? [name] : [name, short];
  });
}

/** The components that a line names, ascending, the one that it begins with, and what stands behind its name. */
function namedIn(line: string, names: Names) {
  const all: number[] = [];
  let first: number | undefined;
  let behind: string | undefined;
  const begin = line.length - line.replace(/^[\s>*_`"'“”#-]+/, "").length;
  for (const [index, own] of names.entries()) {
    let isNamed = false;
    for (const name of own) {
      const places = placesOf(line, name);
      if (places.length > 0) isNamed = true;
      if (!places.includes(begin)) continue;
      first = index;
      behind = line.slice(begin + name.length);
    }
    if (isNamed) all.push(index);
  }
  return { all, first, behind };
}

/** What can be part of a name. */
const nameCharacter = /[\p{L}\p{N}_$#-]/u;

/** Where a line holds a name; one that may be an ordinary word only where it is clearly meant as a name. */
function placesOf(line: string, name: string): number[] {
  const places: number[] = [];
  for (let at = line.indexOf(name); at >= 0 && name !== ""; at = line.indexOf(name, at + 1)) {
    const [before, after] = [line.slice(0, at), line.slice(at + name.length)];
    if (nameCharacter.test(before.slice(-1)) || /^(?:[\p{L}\p{N}_$#]|-\w)/u.test(after)) continue;
    if (/^\p{Ll}+$/u.test(name) && !isMeantAsName(before, after)) continue;
    places.push(at);
  }
  return places;
}

function isMeantAsName(before: string, after: string): boolean {
  if (/[`"'“*:.]$/.test(before) || /^\(/.test(after)) return true;
  if (/\b(?:in|function|component|named|called|is)\s$/i.test(before)) return true;
  return bareLine(before) === "" && /^(?:\s*$|[`"'”*.:,]|\s+[-–(])/.test(after);
}
