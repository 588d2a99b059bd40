/** Whether an answer says what is expected. */

/** Most characters of an answer that is looked at: all right ones are far shorter. */
const longest = 200;

/**
 * Whether an answer is the expected one, up to white space, quotes, a full stop, capitals, commas between words,
 * thousands separators and leading zeros.
 */
export function isSameAnswer(expected: string, answer: string): boolean {
  if (answer.length > longest) return false;
  const isNumber = /^\d+$/.test(expected);
  return normalForm(isNumber ? withoutSeparators(answer) : answer) === normalForm(expected);
}

function withoutSeparators(answer: string): string {
  return answer.replace(/(?<=\d)[,_'\s](?=\d{3}(?!\d))/g, "");
}

function normalForm(text: string): string {
  return text
    .trim()
    .replace(/^["'`*]+|["'`*.]+$/g, "")
    .toLowerCase()
    .replace(/[,;\s]+/g, " ")
    .replace(/\b0+(?=\d)/g, "")
    .trim();
}
