/** Does not work. */
const score = async () => {
  throw new Error("the scorer has no data");
};
export default score;
