/** A child's program that does not even start. */
console.error("this program does not work");
process.exit(3);
