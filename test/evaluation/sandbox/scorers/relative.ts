/** Throws a CandidateFailure of its own copy of the class, as a scorer of this project's own problems may. */
import { CandidateFailure } from "../../../../src/core/index.ts";

const score = async () => {
  throw new CandidateFailure("invalid", "the scorer does not like it");
};
export default score;
