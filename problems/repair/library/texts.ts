/** Functions on texts. The format is that of `parseLibrary`. */
export const texts = String.raw`
/** Number of the vowels a, e, i, o, u in a text, capital or small. */
function countVowels(text) {
  let count = 0;
  for (const letter of text.toLowerCase()) {
    if ("aeiou".includes(letter)) {
      count += 1;
    }
  }
  return count;
}
["Allele"], [""], ["rhythm"], ["AEIOU xyz"], ["banana"], ["Queue"]

/** Whether a text reads the same backwards, its letters and digits alone, capital or small. */
function isPalindrome(text) {
  const plain = text.toLowerCase().replace(/[^a-z0-9]/g, "");
  for (let i = 0; i < plain.length / 2; i++) {
    if (plain[i] !== plain[plain.length - 1 - i]) {
      return false;
    }
  }
  return true;
}
["Never odd or even"], ["abc"], [""], ["abca"], ["12321"], ["No lemon, no melon!"]

/** A word with its first letter capital and the rest small. */
function capitalize(word) {
  if (word === "") {
    return "";
  }
  return word[0].toUpperCase() + word.slice(1).toLowerCase();
}
["hello"], ["WORLD"], [""], ["a"], ["mcDonald"], ["x1Y"]

/** A text with every word capitalized except short ones ("of", "the", "and"), which stay small unless first. */
function titleCase(text) {
  const small = ["of", "the", "and"];
  return text
    .split(" ")
    .map((word, index) => {
      const lower = word.toLowerCase();
      return index > 0 && small.includes(lower) ? lower : capitalize(word);
    })
    .join(" ");
}
["the lord of the rings"], [""], ["war AND peace"], ["one"], ["and then"], ["queen of hearts"]

/** Number of words in a text; words are parted by any white space. */
function wordCount(text) {
  const trimmed = text.trim();
  if (trimmed === "") {
    return 0;
  }
  return trimmed.split(/\s+/).length;
}
["one two"], [""], ["  a  b\tc\n"], ["word"], ["   "], ["to be or not to be"]

/** The longest word of a text, the first one of several; words are parted by single spaces. */
function longestWord(text) {
  let longest = "";
  for (const word of text.split(" ")) {
    if (word.length > longest.length) {
      longest = word;
    }
  }
  return longest;
}
["a bcd ef"], [""], ["aa bb"], ["the quick brown"], ["word"], ["x yy zzz zz"]

/** Encodes a text: each run of equal characters becomes the character and the run's length. */
function runLengthEncode(text) {
  let encoded = "";
  let start = 0;
  for (let i = 1; i <= text.length; i++) {
    if (text[i] !== text[start]) {
      encoded += text[start] + String(i - start);
      start = i;
    }
  }
  return encoded;
}
["aaabb"], [""], ["abc"], ["zzzzzzzzzzzz"], ["aab"], ["xyyx"]

/** Decodes pairs of a character that is no digit and a number of repetitions, e.g. "a3b2" to "aaabb". */
function runLengthDecode(text) {
  let decoded = "";
  for (const [, letter, count] of text.matchAll(/(\D)(\d+)/g)) {
    decoded += letter.repeat(Number(count));
  }
  return decoded;
}
["a3b2"], [""], ["x1"], ["z12"], ["a1b1c1"], ["p2q0r2"]

/** The longest text that all words of a list start with. */
function commonPrefix(words) {
  if (words.length === 0) {
    return "";
  }
  let prefix = words[0];
  for (const word of words) {
    while (!word.startsWith(prefix)) {
      prefix = prefix.slice(0, prefix.length - 1);
    }
  }
  return prefix;
}
[["flow", "flower", "flight"]], [[]], [["a", "b"]], [["same", "same"]], [["inter", "internet"]], [["one"]]

/** A text of at most limit characters: a longer one is cut and ends with three dots within the limit. */
function truncateText(text, limit) {
  if (text.length <= limit) {
    return text;
  }
  return text.slice(0, Math.max(limit - 3, 0)) + "...";
}
["hello world", 8], ["short", 10], ["exact", 5], ["abcdef", 5], ["", 3], ["a longer sentence", 12]

/** Breaks a text at spaces into lines of at most width characters; longer words get a line of their own. */
function wrapText(text, width) {
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : line + " " + word;
    }
  }
  lines.push(line);
  return lines;
}
["the quick brown fox", 10], ["a b c", 3], ["word", 2], ["", 5], ["one two three", 7], ["aa bb cc dd", 5]

/** A name in camel case as lower-case words with dashes, e.g. "maxItemCount" to "max-item-count". */
function camelToKebab(name) {
  let result = "";
  for (const letter of name) {
    const isCapital = letter !== letter.toLowerCase();
    if (isCapital && result !== "") {
      result += "-";
    }
    result += letter.toLowerCase();
  }
  return result;
}
["maxItemCount"], ["plain"], [""], ["Title"], ["aB"], ["htmlParser2D"]

/** A name of words with dashes in camel case, e.g. "max-item-count" to "maxItemCount". */
function kebabToCamel(name) {
  return name
    .split("-")
    .map((word, index) => (index === 0 ? word : capitalize(word)))
    .join("");
}
["max-item-count"], ["plain"], [""], ["a-b"], ["one-two"], ["x-y-z"]

/** Whether two texts consist of the same letters in another or the same order; spaces and case do not matter. */
function isAnagram(left, right) {
  const lettersOf = (text) => text.toLowerCase().replaceAll(" ", "").split("").sort().join("");
  return lettersOf(left) === lettersOf(right);
}
["listen", "silent"], ["abc", "abd"], ["Dormitory", "dirty room"], ["", ""], ["aab", "abb"], ["a b", "BA"]

/** Number of places at which two texts differ; the longer one's rest counts as different. */
function hammingDistance(left, right) {
  const longer = Math.max(left.length, right.length);
  let distance = 0;
  for (let i = 0; i < longer; i++) {
    if (left[i] !== right[i]) {
      distance += 1;
    }
  }
  return distance;
}
["karolin", "kathrin"], ["", ""], ["abc", "abc"], ["abc", "ab"], ["x", "yz"], ["1011", "1001"]

/** Least number of insertions, deletions and replacements of letters that make one text of another. */
function editDistance(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const cost = from[i - 1] === to[j - 1] ? 0 : 1;
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + cost));
    }
    row = next;
  }
  return row[to.length];
}
["kitten", "sitting"], ["", "abc"], ["abc", ""], ["flaw", "lawn"], ["same", "same"], ["ab", "ba"]

/** How often a text occurs in another one, without overlap; 0 for an empty text. */
function countOccurrences(text, wanted) {
  if (wanted === "") {
    return 0;
  }
  let count = 0;
  let from = text.indexOf(wanted);
  while (from >= 0) {
    count += 1;
    from = text.indexOf(wanted, from + wanted.length);
  }
  return count;
}
["banana", "an"], ["aaaa", "aa"], ["abc", ""], ["abc", "x"], ["", "a"], ["one one", "one"]

/** The first letters of the words of a name as capitals, at most limit of them. */
function initialsOf(name, limit) {
  return name
    .split(" ")
    .filter((word) => word !== "")
    .slice(0, limit)
    .map((word) => word[0].toUpperCase())
    .join("");
}
["Ada Lovelace", 2], ["alan  mathison turing", 2], ["", 2], ["Grace", 3], ["a b c d", 3], ["x y", 1]
`;
