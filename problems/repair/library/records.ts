/** Functions on records and small business rules. The format is that of `parseLibrary`. */
export const records = `
/** How often each value of a list of texts occurs, by value. */
function countValues(values) {
  const counts = {};
  for (const value of values) {
    counts[value] = (counts[value] || 0) + 1;
  }
  return counts;
}
[["a", "b", "a"]], [[]], [["x"]], [["y", "y", "y"]], [["p", "q", "r", "q"]]

/** The given number of most frequent texts of a list, most frequent first, equal ones by the alphabet. */
function mostFrequent(values, limit) {
  const counts = countValues(values);
  return Object.keys(counts)
    .sort((a, b) => counts[b] - counts[a] || (a < b ? -1 : 1))
    .slice(0, limit);
}
[["a", "b", "a"], 1], [["b", "a"], 2], [[], 3], [["x", "y", "y", "z", "z"], 2], [["q", "r", "r", "p", "p", "p"], 3]

/** Words grouped by their length: an object of lists, in the order of the words. */
function groupByLength(words) {
  const groups = {};
  for (const word of words) {
    const group = groups[word.length] || [];
    group.push(word);
    groups[word.length] = group;
  }
  return groups;
}
[["a", "bb", "c"]], [[]], [["one", "two", "three"]], [[""]], [["xy", "z", "wv"]]

/** A record with keys and values exchanged; of equal values, the last key stays. */
function invertRecord(record) {
  const inverted = {};
  for (const [key, value] of Object.entries(record)) {
    inverted[value] = key;
  }
  return inverted;
}
[{"a": "x", "b": "y"}], [{}], [{"a": "x", "b": "x"}], [{"one": 1, "two": 2}], [{"k": "k"}]

/** The part of a record that has the given keys; keys that it lacks are left out. */
function pickKeys(record, keys) {
  const picked = {};
  for (const key of keys) {
    if (key in record) {
      picked[key] = record[key];
    }
  }
  return picked;
}
[{"a": 1, "b": 2}, ["a"]], [{}, ["a"]], [{"a": 1}, []], [{"x": 5, "y": 6, "z": 7}, ["z", "x"]], [{"k": 0}, ["k", "m"]]

/** Two records of counts added up by key. */
function addCounts(left, right) {
  const total = { ...left };
  for (const [key, count] of Object.entries(right)) {
    total[key] = (total[key] || 0) + count;
  }
  return total;
}
[{"a": 1}, {"a": 2, "b": 3}], [{}, {}], [{"x": 5}, {}], [{}, {"y": 1}], [{"p": 2, "q": 4}, {"q": -1}]

/** Records sorted by a field of theirs, ascending; equal ones keep their order. */
function sortByField(records, field) {
  return records.slice().sort((a, b) => {
    if (a[field] === b[field]) {
      return 0;
    }
    return a[field] < b[field] ? -1 : 1;
  });
}
[[{"n": 2}, {"n": 1}], "n"], [[], "n"], [[{"k": "b", "v": 1}, {"k": "a", "v": 2}], "k"], [[{"n": 1, "i": 1}, {"n": 1, "i": 2}], "n"], [[{"n": 10}, {"n": 9}, {"n": 100}], "n"]

/** Total price of order lines {price, count}: price times count, added up. */
function orderTotal(lines) {
  let total = 0;
  for (const { price, count } of lines) {
    total += price * count;
  }
  return total;
}
[[{"price": 5, "count": 2}]], [[]], [[{"price": 3, "count": 1}, {"price": 10, "count": 4}]], [[{"price": 7, "count": 0}]], [[{"price": 1.5, "count": 3}, {"price": 2, "count": 2}]]

/** Price of an order after the discount: a tenth off from 100 on, a fifth off from 500 on. */
function discountedTotal(lines) {
  const total = orderTotal(lines);
  if (total >= 500) {
    return total * 0.8;
  }
  return total >= 100 ? total * 0.9 : total;
}
[[{"price": 100, "count": 1}]], [[{"price": 99, "count": 1}]], [[{"price": 250, "count": 2}]], [[{"price": 30, "count": 5}]], [[{"price": 200, "count": 4}]], [[]]

/** Fewest coins of 50, 20, 10, 5, 2 and 1 for an amount, as a list from large to small. */
function makeChange(amount) {
  const coins = [];
  let left = amount;
  for (const coin of [50, 20, 10, 5, 2, 1]) {
    while (left >= coin) {
      coins.push(coin);
      left -= coin;
    }
  }
  return coins;
}
[0], [1], [88], [50], [43], [16]

/** Balances by account after transfers {from, to, amount}; a transfer above the balance is left out. */
function applyTransfers(balances, transfers) {
  const result = { ...balances };
  for (const { from, to, amount } of transfers) {
    if (result[from] >= amount) {
      result[from] -= amount;
      result[to] = (result[to] || 0) + amount;
    }
  }
  return result;
}
[{"a": 10}, [{"from": "a", "to": "b", "amount": 4}]], [{"a": 3}, [{"from": "a", "to": "b", "amount": 5}]], [{"a": 5, "b": 1}, [{"from": "a", "to": "b", "amount": 5}]], [{}, []], [{"x": 8, "y": 2}, [{"from": "x", "to": "y", "amount": 3}, {"from": "y", "to": "x", "amount": 4}]]

/** Points of a bowling game without spares and strikes in frames [first, second]; a full frame counts 5 more. */
function bowlingScore(frames) {
  let score = 0;
  for (const [first, second] of frames) {
    score += first + second;
    if (first + second === 10) {
      score += 5;
    }
  }
  return score;
}
[[[3, 4]]], [[]], [[[5, 5]]], [[[1, 2], [10, 0]]], [[[9, 0], [4, 6], [2, 2]]]

/** The path to a value in nested records, keys joined by dots, by depth first; "" when it is not there. */
function findPath(record, wanted) {
  for (const [key, value] of Object.entries(record)) {
    if (value === wanted) {
      return key;
    }
    if (typeof value === "object") {
      const rest = findPath(value, wanted);
      if (rest !== "") {
        return key + "." + rest;
      }
    }
  }
  return "";
}
[{"a": 1}, 1], [{"a": {"b": 2}}, 2], [{}, 1], [{"a": {"b": {"c": 3}}, "d": 4}, 3], [{"a": {"b": 1}, "d": 4}, 4], [{"a": 1}, 9]

/** Names of tasks {name, needs} in an order in which each comes after all that it needs, by rounds. */
function orderTasks(tasks) {
  const order = [];
  while (order.length < tasks.length) {
    const ready = tasks.filter(
      ({ name, needs }) => !order.includes(name) && needs.every((need) => order.includes(need)),
    );
    if (ready.length === 0) {
      return [];
    }
    order.push(...ready.map(({ name }) => name));
  }
  return order;
}
[[{"name": "a", "needs": []}]], [[]], [[{"name": "b", "needs": ["a"]}, {"name": "a", "needs": []}]], [[{"name": "x", "needs": ["x"]}]], [[{"name": "c", "needs": ["a", "b"]}, {"name": "b", "needs": ["a"]}, {"name": "a", "needs": []}]], [[{"name": "p", "needs": []}, {"name": "q", "needs": []}]]
`;
