/** Runs a campaign of a paid model into the given store and is killed right after the third answer. */
import { defineCampaign, defineOperator, proposed } from "../../../src/index.ts";
import { paidModel } from "../paid-model.ts";
import { runInto } from "../variety.ts";

const [path = ""] = process.argv.slice(2);
let answers = 0;
const operator = defineOperator({
  name: "doomed",
  scope: "global",
  roles: ["mutator"],
  async propose({ models }) {
    const { text } = await models.mutator.generate({ messages: [{ role: "user", text: "?" }] });
    answers += 1;
    if (answers === 3) process.kill(process.pid, "SIGKILL");
    return proposed(new Map([[0, text]]));
  },
});
await runInto(
  path,
  defineCampaign({
    ...{ name: "doomed", problem: "blocks", sizes: [20], seeds: 1 },
    strategies: { only: { operators: [operator], models: { mutator: paidModel() } } },
  }),
);
