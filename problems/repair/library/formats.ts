/** Functions that read and write formats. The format is that of `parseLibrary`. */
export const formats = String.raw`
/** Minutes of a duration such as "1h 20m", "45m" or "2h"; parts come in any order. */
function parseDuration(text) {
  let minutes = 0;
  for (const part of text.split(" ")) {
    const amount = Number.parseInt(part, 10);
    if (part.endsWith("h")) {
      minutes += amount * 60;
    } else if (part.endsWith("m")) {
      minutes += amount;
    }
  }
  return minutes;
}
["1h 20m"], ["45m"], ["2h"], [""], ["5m 3h"], ["10h 59m"]

/** Names and values of a query such as "?a=1&b=2"; a name without "=" has the value "". */
function parseQuery(query) {
  const result = {};
  const plain = query.startsWith("?") ? query.slice(1) : query;
  for (const pair of plain.split("&")) {
    const [name, value = ""] = pair.split("=");
    if (name !== "") {
      result[name] = value;
    }
  }
  return result;
}
["?a=1&b=2"], ["x=y"], [""], ["?flag"], ["a=1&&c=3"], ["?k=v&k=w"]

/** Fields of a line of comma-separated values; a field in double quotes may hold commas. */
function parseCsvLine(line) {
  const fields = [];
  let field = "";
  let isQuoted = false;
  for (const letter of line) {
    if (letter === '"') {
      isQuoted = !isQuoted;
    } else if (letter === "," && !isQuoted) {
      fields.push(field);
      field = "";
    } else {
      field += letter;
    }
  }
  return [...fields, field];
}
["a,b,c"], [""], ["\"x,y\",z"], ["one"], ["a,,b"], ["1,\"2,3,4\",5"]

/** Settings from lines "name = value"; empty lines and lines that start with "#" are skipped. */
function parseSettings(text) {
  const settings = {};
  for (const line of text.split("\n")) {
    const place = line.indexOf("=");
    if (line.startsWith("#") || place < 0) {
      continue;
    }
    settings[line.slice(0, place).trim()] = line.slice(place + 1).trim();
  }
  return settings;
}
["a = 1\nb=2"], ["# c = 3\n"], [""], ["x = y = z"], ["no value\nk = v"], ["\n  name  =  Ada  \n"]

/** A number of bytes with a unit of B, KB, MB or GB (steps of 1024) and at most one decimal. */
function formatBytes(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let unit = 0;
  let amount = bytes;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return Math.round(amount * 10) / 10 + " " + units[unit];
}
[0], [512], [1024], [1536], [5242880], [3221225472], [5497558138880]

/** Cents as an amount such as "$1,234.50", with a minus sign in front of negative ones. */
function formatMoney(cents) {
  const sign = cents < 0 ? "-" : "";
  const amount = Math.abs(cents);
  const whole = String(Math.floor(amount / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = String(amount % 100).padStart(2, "0");
  return sign + "$" + whole + "." + rest;
}
[123450], [5], [-250], [0], [100000000], [99], [-123456]

/** Whether the brackets (), [] and {} of a text are closed in the right order; other letters do not matter. */
function isBalanced(text) {
  const closing = { "(": ")", "[": "]", "{": "}" };
  const open = [];
  for (const letter of text) {
    if (closing[letter]) {
      open.push(closing[letter]);
    } else if (")]}".includes(letter) && open.pop() !== letter) {
      return false;
    }
  }
  return open.length === 0;
}
["(a[b]{c})"], ["(]"], [""], ["(("], ["())"], ["{[()]}[]"], ["f(x) = [1, 2]"]

/** Compares versions such as "1.10.2": below, equal or above give -1, 0 or 1; missing parts count as 0. */
function compareVersions(left, right) {
  const a = left.split(".").map(Number);
  const b = right.split(".").map(Number);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] || 0) - (b[i] || 0);
    if (difference !== 0) {
      return Math.sign(difference);
    }
  }
  return 0;
}
["1.2.0", "1.10.0"], ["1.0", "1.0.0"], ["2", "1.9.9"], ["0.0.1", "0.0.2"], ["3.1", "3.1"], ["1.0.1", "1"]

/** Value of an expression in postfix notation with + - * /, parts parted by spaces. */
function evaluatePostfix(expression) {
  const stack = [];
  for (const part of expression.split(" ")) {
    if (!"+-*/".includes(part)) {
      stack.push(Number(part));
      continue;
    }
    const right = stack.pop();
    const left = stack.pop();
    const results = { "+": left + right, "-": left - right, "*": left * right, "/": left / right };
    stack.push(results[part]);
  }
  return stack[0];
}
["3 4 +"], ["10 2 8 * + 3 -"], ["7"], ["9 3 /"], ["5 1 2 + 4 * + 3 -"], ["2 3 -"]

/** A text with the characters & < > " replaced by their HTML entities. */
function escapeMarkup(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
["a < b"], [""], ["\"x\" & y"], ["<p>"], ["&lt;"], ["plain"]

/** Red, green and blue, 0 to 255 each, of a color such as "#ff8000" or "#f80". */
function parseColor(text) {
  let digits = text.slice(1);
  if (digits.length === 3) {
    digits = digits.replace(/./g, "$&$&");
  }
  return [0, 2, 4].map((start) => Number.parseInt(digits.slice(start, start + 2), 16));
}
["#ff8000"], ["#f80"], ["#000000"], ["#0a141e"], ["#123"], ["#ffffff"]

/** A color such as "#ff8000" from red, green and blue, which are cut to the range 0 to 255. */
function formatColor(red, green, blue) {
  let text = "#";
  for (const part of [red, green, blue]) {
    const level = Math.min(Math.max(part, 0), 255);
    text += level.toString(16).padStart(2, "0");
  }
  return text;
}
[255, 128, 0], [0, 0, 0], [300, -5, 16], [1, 2, 3], [17, 34, 51], [254, 255, 256]

/** Whole numbers of a list such as "1-3,5": ranges include both ends. */
function parseRanges(text) {
  const numbers = [];
  for (const part of text.split(",")) {
    const [first, last = first] = part.split("-").map(Number);
    for (let number = first; number <= last; number++) {
      numbers.push(number);
    }
  }
  return numbers;
}
["1-3,5"], ["7"], ["2-2"], ["10-12,1-2"], ["4,3"], ["0-1,9"]

/** Whether a text is an IPv4 address: four numbers from 0 to 255 with dots, without leading zeros. */
function isAddress(text) {
  const parts = text.split(".");
  if (parts.length !== 4) {
    return false;
  }
  return parts.every((part) => /^\d+$/.test(part) && Number(part) <= 255 && String(Number(part)) === part);
}
["192.168.0.1"], ["256.1.1.1"], ["1.2.3"], ["01.2.3.4"], ["255.255.255.255"], ["a.b.c.d"], ["1.2.3.4.5"]

/** A title as a part of an address: small letters and digits, other stretches become one dash, none at the ends. */
function slugify(title) {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
["Hello, World!"], [""], ["  spaces  "], ["A--B"], ["100% sure"], ["Already-fine"]

/** Whether a number passes the Luhn check: from the right, every second digit doubled, the digit sums divide by 10. */
function passesLuhn(text) {
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    let digit = Number(text[text.length - 1 - i]);
    if (i % 2 === 1) {
      digit *= 2;
    }
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
["79927398713"], ["79927398710"], ["0"], ["18"], ["4539578763621486"], ["59"], ["67"]
`;
