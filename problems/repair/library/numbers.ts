/** Functions on whole numbers. The format is that of `parseLibrary`. */
export const numbers = `
/** Greatest common divisor of two whole numbers of at least 0; 0 when both are 0. */
function gcd(a, b) {
  while (b !== 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}
[12, 18], [7, 5], [0, 4], [9, 0], [48, 36], [17, 17]

/** Least common multiple of two whole numbers of at least 0; 0 when one of them is 0. */
function lcm(a, b) {
  if (a === 0 || b === 0) {
    return 0;
  }
  return (a / gcd(a, b)) * b;
}
[4, 6], [7, 5], [0, 4], [9, 3], [21, 6], [8, 12]

/** Whether a whole number is prime; numbers below 2 are not. */
function isPrime(n) {
  if (n < 2) {
    return false;
  }
  for (let divisor = 2; divisor * divisor <= n; divisor++) {
    if (n % divisor === 0) {
      return false;
    }
  }
  return true;
}
[1], [2], [9], [25], [29], [91], [97]

/** All primes up to and including the limit, ascending. */
function primesUpTo(limit) {
  const primes = [];
  for (let n = 2; n <= limit; n++) {
    if (isPrime(n)) {
      primes.push(n);
    }
  }
  return primes;
}
[1], [2], [10], [11], [20], [30]

/** Prime factors of a whole number of at least 2, ascending, each as often as it divides it. */
function primeFactors(n) {
  const factors = [];
  let divisor = 2;
  while (n > 1) {
    if (n % divisor === 0) {
      factors.push(divisor);
      n /= divisor;
    } else {
      divisor += 1;
    }
  }
  return factors;
}
[2], [12], [49], [97], [360], [30]

/** Sum of the decimal digits of a whole number; the sign does not matter. */
function digitSum(n) {
  let left = Math.abs(n);
  let sum = 0;
  while (left > 0) {
    sum += left % 10;
    left = Math.floor(left / 10);
  }
  return sum;
}
[0], [7], [123], [-45], [9999], [100]

/** The number whose decimal digits are those of n in reverse order; the sign stays. */
function reverseDigits(n) {
  const sign = n < 0 ? -1 : 1;
  let left = Math.abs(n);
  let result = 0;
  while (left > 0) {
    result = result * 10 + (left % 10);
    left = Math.floor(left / 10);
  }
  return sign * result;
}
[123], [-45], [1200], [7], [9081], [-10]

/** Sum of the divisors of n that are smaller than n. */
function properDivisorSum(n) {
  let sum = 0;
  for (let divisor = 1; divisor < n; divisor++) {
    if (n % divisor === 0) {
      sum += divisor;
    }
  }
  return sum;
}
[1], [6], [12], [13], [28], [10]

/** "perfect", "abundant" or "deficient": whether a number equals, is below or above its proper divisors' sum. */
function divisorClass(n) {
  const sum = properDivisorSum(n);
  if (sum === n) {
    return "perfect";
  }
  return sum > n ? "abundant" : "deficient";
}
[6], [12], [13], [28], [8], [18]

/** Number of steps from n to 1: halve even numbers, replace odd ones by 3n + 1. */
function collatzSteps(n) {
  let steps = 0;
  while (n !== 1) {
    n = n % 2 === 0 ? n / 2 : 3 * n + 1;
    steps += 1;
  }
  return steps;
}
[1], [2], [3], [6], [7], [16]

/** base to the power of exponent, modulo modulus; the exponent is a whole number of at least 0. */
function powerModulo(base, exponent, modulus) {
  let result = 1 % modulus;
  let factor = base % modulus;
  while (exponent > 0) {
    if (exponent % 2 === 1) {
      result = (result * factor) % modulus;
    }
    factor = (factor * factor) % modulus;
    exponent = Math.floor(exponent / 2);
  }
  return result;
}
[2, 10, 1000], [3, 5, 7], [5, 0, 9], [7, 3, 1], [10, 4, 13], [2, 7, 100]

/** Number of ways to choose k of n things; 0 when k is above n. */
function binomial(n, k) {
  if (k > n) {
    return 0;
  }
  let ways = 1;
  for (let i = 1; i <= k; i++) {
    ways = (ways * (n - k + i)) / i;
  }
  return ways;
}
[5, 2], [4, 0], [6, 6], [3, 4], [10, 3], [8, 5]

/** The first count Fibonacci numbers, from 0 and 1 on. */
function fibonacci(count) {
  const numbers = [];
  let current = 0;
  let next = 1;
  for (let i = 0; i < count; i++) {
    numbers.push(current);
    [current, next] = [next, current + next];
  }
  return numbers;
}
[0], [1], [2], [5], [8], [10]

/** The largest whole number whose square is at most n. */
function integerRoot(n) {
  let low = 0;
  let high = n + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (middle * middle <= n) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}
[0], [1], [8], [9], [35], [100]

/** A whole number from 1 to 3999 as a Roman numeral. */
function toRoman(n) {
  const values = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1];
  const numerals = ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"];
  let text = "";
  for (let i = 0; i < values.length; i++) {
    while (n >= values[i]) {
      text += numerals[i];
      n -= values[i];
    }
  }
  return text;
}
[1], [4], [9], [58], [1994], [2024], [449]

/** The value of a Roman numeral in capital letters. */
function fromRoman(text) {
  const values = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };
  let total = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text[i]];
    const next = values[text[i + 1]] || 0;
    total += value < next ? -value : value;
  }
  return total;
}
["III"], ["IV"], ["LVIII"], ["MCMXCIV"], ["XL"], ["CDXLIX"]
`;
