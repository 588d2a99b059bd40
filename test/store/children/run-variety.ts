/** Runs the campaign of variety.ts into the store file that is given. */
import { runInto, varietyCampaign } from "../variety.ts";

const [path = ""] = process.argv.slice(2);
await runInto(path, varietyCampaign());
