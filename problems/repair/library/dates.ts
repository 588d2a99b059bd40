/** Functions on dates and times of day. The format is that of `parseLibrary`. */
export const dates = `
/** Whether a year of the Gregorian calendar is a leap year. */
function isLeapYear(year) {
  if (year % 400 === 0) {
    return true;
  }
  return year % 4 === 0 && year % 100 !== 0;
}
[2024], [2023], [1900], [2000], [2100], [1996]

/** Number of days in a month, 1 to 12, of a year. */
function daysInMonth(year, month) {
  if (month === 2) {
    return isLeapYear(year) ? 29 : 28;
  }
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
[2024, 2], [2023, 2], [2023, 4], [2023, 12], [1900, 2], [2021, 11]

/** Number of a day in its year, 1 for the first of January. */
function dayOfYear(year, month, day) {
  let days = day;
  for (let earlier = 1; earlier < month; earlier++) {
    days += daysInMonth(year, earlier);
  }
  return days;
}
[2023, 1, 1], [2023, 12, 31], [2024, 3, 1], [2023, 3, 1], [2024, 2, 29], [2022, 7, 15]

/** Whether year, month and day are a date that exists. */
function isValidDate(year, month, day) {
  if (month < 1 || month > 12) {
    return false;
  }
  return day >= 1 && day <= daysInMonth(year, month);
}
[2023, 2, 29], [2024, 2, 29], [2023, 13, 1], [2023, 0, 5], [2023, 4, 31], [2023, 12, 1], [2023, 5, 0], [2023, 1, 31]

/** The date after a date, as a list of year, month and day. */
function nextDate(year, month, day) {
  if (day < daysInMonth(year, month)) {
    return [year, month, day + 1];
  }
  return month === 12 ? [year + 1, 1, 1] : [year, month + 1, 1];
}
[2023, 1, 31], [2023, 12, 31], [2024, 2, 28], [2023, 2, 28], [2023, 6, 15], [2023, 4, 30]

/** Day of the week of a date by Zeller's rule: 0 for Saturday, 1 for Sunday, up to 6 for Friday. */
function dayOfWeek(year, month, day) {
  const m = month < 3 ? month + 12 : month;
  const y = month < 3 ? year - 1 : year;
  const century = Math.floor(y / 100);
  const rest = y % 100;
  const days = day + Math.floor((13 * (m + 1)) / 5) + rest;
  return (days + Math.floor(rest / 4) + Math.floor(century / 4) + 5 * century) % 7;
}
[2023, 1, 1], [2024, 2, 29], [2000, 3, 1], [1969, 7, 20], [2023, 12, 25], [1900, 2, 28]

/** Minutes since midnight of a time such as "14:05". */
function parseClock(text) {
  const [hours, minutes] = text.split(":").map(Number);
  return hours * 60 + minutes;
}
["14:05"], ["00:00"], ["23:59"], ["9:30"], ["01:01"], ["12:00"]

/** A number of minutes since midnight as a time such as "14:05"; days that are over are left out. */
function formatClock(minutes) {
  const inDay = ((minutes % 1440) + 1440) % 1440;
  const hour = Math.floor(inDay / 60);
  const minute = inDay % 60;
  return String(hour).padStart(2, "0") + ":" + String(minute).padStart(2, "0");
}
[845], [0], [1439], [1500], [-30], [61]

/** The time of day some minutes after (or, below zero, before) a time such as "14:05". */
function addMinutes(clock, minutes) {
  return formatClock(parseClock(clock) + minutes);
}
["14:05", 10], ["23:50", 20], ["00:10", -20], ["09:00", 0], ["12:30", 1440], ["06:15", 50]

/** Minutes that two spans of time share; each span is a list of start and end in minutes. */
function sharedMinutes(first, second) {
  const start = Math.max(first[0], second[0]);
  const end = Math.min(first[1], second[1]);
  return Math.max(0, end - start);
}
[[0, 60], [30, 90]], [[0, 10], [20, 30]], [[5, 8], [0, 100]], [[10, 20], [20, 30]], [[50, 70], [40, 60]], [[1, 2], [1, 2]]

/** Age in whole years on a day; both dates are lists of year, month and day. */
function ageOn(birth, day) {
  const years = day[0] - birth[0];
  const isBefore = day[1] < birth[1] || (day[1] === birth[1] && day[2] < birth[2]);
  return isBefore ? years - 1 : years;
}
[[2000, 5, 10], [2020, 5, 10]], [[2000, 5, 10], [2020, 5, 9]], [[1990, 12, 1], [2020, 1, 31]], [[1990, 1, 31], [2020, 12, 1]], [[2010, 3, 3], [2010, 8, 1]], [[1985, 6, 15], [2021, 6, 20]]

/** A date as text with four, two and two digits, e.g. "2023-01-09". */
function formatDate(year, month, day) {
  const parts = [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(day).padStart(2, "0")];
  return parts.join("-");
}
[2023, 1, 9], [987, 12, 31], [2000, 10, 10], [1, 1, 1], [1999, 9, 30], [2024, 2, 29]

/** A number of seconds in words of days, hours, minutes and seconds such as "1d 2h 5s"; "0s" for none. */
function describeSeconds(seconds) {
  const units = [[86400, "d"], [3600, "h"], [60, "m"], [1, "s"]];
  const parts = [];
  let left = seconds;
  for (const [length, name] of units) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) {
      parts.push(count + name);
    }
  }
  return parts.length === 0 ? "0s" : parts.join(" ");
}
[0], [59], [60], [3661], [93605], [86400]
`;
