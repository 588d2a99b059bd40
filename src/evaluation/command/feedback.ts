/** Makes text of a command fit for a prompt: plain characters, and few of them. The text is hostile. */

/** A piece of feedback. */
export interface Section {
  /** In a line of its own before the text; undefined: none. */
  readonly label?: string;
  readonly text: string;
  /** What stays of a text that is too long: its end, or both ends. */
  readonly keep: "end" | "ends";
}

/** Most characters (UTF-16 code units) of a feedback. */
export const feedbackLength = 4000;

/** Joins sections within the length, the short ones whole and the long ones clipped; undefined when all are empty. */
export function composeFeedback(sections: readonly Section[]): string | undefined {
  const filled = sections
    .map((section) => ({
      head: section.label === undefined ? "" : `${clip(line(section.label), 100, "ends")}:\n`,
      body: clean(bound(section.text, section.keep)).trim(),
      keep: section.keep,
    }))
    .filter(({ body }) => body !== "");
  if (filled.length === 0) return undefined;
  const fixed = filled.reduce((total, { head }) => total + head.length + 1, -1);
  const shares = share(
    filled.map(({ body }) => body.length),
    feedbackLength - fixed,
  );
  const text = filled.map(({ head, body, keep }, index) => head + clip(body, shares[index] ?? 0, keep));
  // Clipping may have cut a pair of surrogates.
  return text.join("\n").slice(0, feedbackLength).toWellFormed();
}

/** Text of one line, without control characters, e.g. a name. */
export function line(text: string): string {
  return clean(text.slice(0, 1000)).replace(/\s+/g, " ").trim();
}

const [esc, bell, csi] = [0x1b, 0x07, 0x9b].map((code) => String.fromCharCode(code));
/** Sequences for a terminal: control sequences, operating-system commands, and those of two characters. */
const terminalSequences = new RegExp(
  [
    `(?:${esc}\\[|${csi})[0-?]*[ -/]*[@-~]`,
    `${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?`,
    `${esc}[ -~]`,
  ].join("|"),
  "g",
);

/** Removes terminal escapes, control characters and those that reorder text; keeps tabs and line breaks. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(terminalSequences, "")
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "");
}

/** Cuts a text that is far too long before work is spent on it. */
function bound(text: string, keep: "end" | "ends"): string {
  const most = feedbackLength * 8;
  if (text.length <= most) return text;
  return keep === "end" ? text.slice(-most) : clip(text, most, keep);
}

/** Shortens a text to a length, with a mark where something was left out. */
function clip(text: string, length: number, keep: "end" | "ends"): string {
  if (text.length <= length) return text;
  const mark = "[... shortened ...]";
  const room = length - mark.length - 2;
  if (room < 2) return text.slice(0, Math.max(0, length));
  if (keep === "end") return `${mark}\n${text.slice(text.length - room - 1)}`;
  const tail = Math.floor(room / 2);
  return `${text.slice(0, room - tail)}\n${mark}\n${text.slice(text.length - tail)}`;
}

/** Divides a total among needs: each gets what it needs, or the same share as the others that need more. */
function share(needs: readonly number[], total: number): number[] {
  const shares = needs.map(() => 0);
  const ascending = [...needs.keys()].sort((a, b) => (needs[a] ?? 0) - (needs[b] ?? 0));
  let left = total;
  for (const [position, index] of ascending.entries()) {
    const part = Math.min(needs[index] ?? 0, Math.floor(left / (ascending.length - position)));
    shares[index] = part;
    left -= part;
  }
  return shares;
}
