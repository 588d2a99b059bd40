/**
 * Writes candidates into the given store until that fails, and prints why. With "idle" it writes more than
 * there is room for at once and leaves the committing to the store's timer.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Store } from "../../../src/store/index.ts";

const [path = "", how] = process.argv.slice(2);
const store = new Store(path, { batchMs: 20 });
const campaignId = store.addCampaign({
  ...{ name: "full", problem: "none", promptMode: "normal", config: {}, alleleVersion: "0", createdAt: "" },
});
const genome = [{ name: "only", text: "" }];
const run = store.startRun({ campaignId, strategy: "s", size: 1, seed: 1, target: 1, genome, startedAt: "" });
let sequence = 0;
const add = (characters: number) => {
  const head = { sequence, generation: sequence, operator: "none", parents: [] };
  const text = `${sequence} `.padEnd(characters, "x");
  run.candidate({
    ...{ head, status: "discarded", rejectReason: undefined, candidate: undefined, evaluation: undefined },
    ...{ changes: new Map([[0, text]]), evaluationMs: 0, calls: [] },
  });
  sequence += 1;
};
try {
  add(10);
  store.commit();
  if (how === "idle") {
    add(2 ** 20);
    await sleep(50); // due after the store's timer of batchMs, so it ends after that
    add(10);
  } else {
    for (;;) {
      add(10_000);
      await sleep(10);
    }
  }
  console.log("written");
} catch (error) {
  console.log(String(error));
}
try {
  store.close();
} catch (error) {
  console.log(String(error));
}
