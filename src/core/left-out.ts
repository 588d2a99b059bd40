/**
 * Finds where a text says that it leaves something out, as models do to save words: "// ... rest of the code".
 * Taken at its word such a text deletes code, so only clear cases count, and none that the original has.
 */
import { isPlainText } from "./answer-language.ts";
import type { Component } from "./component.ts";

/** The line that stands for text left out; undefined where there is none. */
export function findLeftOut(text: string, component: Component): string | undefined {
  if (!mayLeaveOut(text)) return undefined;
  const original = component.text;
  const isPlain = isPlainText(component.language) === true;
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf("\n", start);
    const end = lineEnd < 0 ? text.length : lineEnd;
    if (end - start <= longestLine) {
      const line = text.slice(start, end).trim();
      if (standsForMore(line, isPlain) && !original.includes(line)) return line;
    }
    start = end + 1;
  }
  const all = text.trim();
  return (all === "..." || all === "…") && all !== original.trim() ? all : undefined;
}

/** Most characters of a line that is looked at. */
const longestLine = 160;

/** Cheap: false is certain. */
function mayLeaveOut(text: string): boolean {
  if (text.includes("...") || text.includes("…")) return true;
  const mayHoldComment =
    text.includes("//") || text.includes("#") || text.includes("--") || text.includes("*");
  return mayHoldComment && hint.test(text);
}

/** A part of each phrase. */
const hint = /rest of|existing|unchanged|brevity|the same|intact|omitted|code here|goes here/i;

const comment = /^(?:\/\/+|#+|--+|;+|%+|\{?\/\*+|\*|<!--+|\(\*)\s*(.*?)\s*(?:\*+\/\}?|--+>|\*\))?$/;
/** What only markup and program code comment with; # and * begin lines of plain text. */
const sureComment = /^(?:<!--|\/[/*])/;

function standsForMore(line: string, isPlain: boolean): boolean {
  const found = isPlain && !sureComment.test(line) ? null : comment.exec(line);
  const said = (found === null ? line : (found[1] ?? "")).toLowerCase().replace(/…/g, "...");
  const words = said.replace(/^[\s.\-=*[({<]+/, "").replace(/[\s.\-=*\])}>:;]+$/, "");
  // Dots that touch a word spread a value or end a sentence.
  const startsOpen = /^[[({<\s]*\.{3,}(?:\s|[\])}>]|$)/.test(said);
  if (words === "") return found !== null && startsOpen;
  if (found === null && !startsOpen && !/^[[({<].*[\])}>]$/.test(said)) return false;
  if (startsOpen && /\.{3,}[\])}>\s]*$/.test(said) && keyword.test(words)) return true;
  return phrases.some((one) => one.test(words));
}

const whole =
  "(?:code|functions?|methods?|class(?:es)?|implementations?|files?|modules?|program|script|logic|components?|body|contents?|imports?|definitions?|text|document|section|lines|block|page|query|template|prompt)";
/** What may follow what is left out. */
const asItWas =
  "(?:\\s*[-:,(]?\\s*(?:(?:can |should |will |to )?(?:remains?|is|are|stays?|be|continues?|goes|follows)\\s*)?(?:unchanged|the same|here|as (?:is|it was|before|above|in the original)|exactly as.*|identical|omitted.*|not shown.*|untouched|unmodified|intact)(?: (?:as|from|to|in) .*| here)?)";

/** Each is all that a comment says. */
const phrases: readonly RegExp[] = [
  `^(?:(?:keep|include|insert|copy|leave|and|with) )?(?:all )?(?:the |your |this )?(?:rest|remainder|remaining part) of (?:the |your |this |my )?(?:[\\w.()]+ ){0,2}?(?:${whole}|it)${asItWas}?$`,
  `^(?:(?:keep|include|insert|copy|leave) )?(?:all )?(?:the |your )?(?:existing|unchanged) (?:\\w+ ){0,2}?${whole}${asItWas}?$`,
  `^(?:(?:keep|include|insert|copy|leave) )?(?:all )?(?:the |your )?(?:existing|remaining|previous|original|other|rest|same) (?:\\w+ ){0,2}?${whole}${asItWas}$`,
  `^(?:everything else|all else|the rest|rest)${asItWas}$`,
  `^(?:the )?${whole} (?:(?:remains?|stays?|is|are) )?(?:unchanged|omitted.*)$`,
  `^(?:unchanged|omitted|truncated)(?: code)?$`,
  `\\b(?:omitted|unchanged|truncated|shortened|skipped|elided|left out|abbreviated|removed|not shown|kept short) for brevity\\b`,
  `^(?:todo:? )?(?:(?:add|insert|put|write|paste|keep) )?(?:your|the|original|existing|actual) (?:\\w+ ){0,2}?(?:code|implementation|logic|solution)(?: goes| is)? here$`,
].map((source) => new RegExp(source));

/** What, between dots, is said of text left out. */
const keyword =
  /\b(?:rest|remain(?:s|ing|der)?|existing|unchanged|previous|original|omitted|same|as before|(?:other|more|your|of the) (?:code|functions?|methods?|lines?)|(?:code|implementation|logic)(?: goes)? here)\b/;
