import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  findCampaign,
  listCampaigns,
  openToRead,
  overrideCampaign,
  readTheory,
  Store,
  sequentialTheory,
  UsageError,
} from "../../src/index.ts";
import { temporaryFolder } from "./folder.ts";
import { runInto, varietyCampaign } from "./variety.ts";

describe("the campaigns of a store", () => {
  it("are listed oldest first, and the latest is found without an id", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const small = overrideCampaign(varietyCampaign(1), { sizes: [2] });
    await runInto(path, small);
    await runInto(path, { ...small, name: "later", promptMode: "compact" });
    const store = openToRead(path);
    const row = {
      problem: "fragile-blocks",
      status: "done",
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    };
    expect(listCampaigns(store)).toEqual([
      { id: 1, name: "variety", promptMode: "normal", ...row },
      { id: 2, name: "later", promptMode: "compact", ...row },
    ]);
    expect(findCampaign(store)).toMatchObject({ id: 2 });
    expect(findCampaign(store, 1)).toMatchObject({ id: 1 });
    const unknown = new UsageError("Campaign 3 is not in the store; it holds 1, 2");
    expect(() => findCampaign(store, 3)).toThrow(unknown);
    store.close();
  });

  it("are missed with a hint when there are none", () => {
    const path = join(temporaryFolder(), "store.sqlite");
    new Store(path).close();
    const store = openToRead(path);
    const none = new UsageError("The store holds no campaign; 'allele run CAMPAIGN.ts' makes one");
    expect(() => findCampaign(store)).toThrow(none);
    store.close();
  });
});

describe("theory", () => {
  it("comes back as the campaign declared it, without a cost where it gave none", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const campaign = overrideCampaign(varietyCampaign(1), { sizes: [2] });
    const [global, local] = campaign.strategies;
    const strategies = [{ ...global!, theory: () => ({ applications: 4.5 }) }, local!];
    await runInto(path, { ...campaign, strategies });
    const store = openToRead(path);
    expect(readTheory(store, 1)).toEqual([
      { strategy: "global", size: 2, applications: 4.5, primitiveCost: undefined },
      { strategy: "local", size: 2, ...sequentialTheory({ modelSize: 7 })(2) },
    ]);
    expect(readTheory(store, 2)).toEqual([]);
    store.close();
  });
});
