import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { afterAll, beforeAll } from "vitest";
import { aiSdk } from "../../../src/llm/ai-sdk.ts";
import { describeAdapter, describeModel } from "./contract.ts";
import { serve, type TestServer } from "./http-server.ts";
import { asV2, asV4 } from "./language-models.ts";
import { streaming, whole } from "./openai-subject.ts";
import { recorded } from "./recorded.ts";

const modelAt = (url: string) =>
  createOpenAICompatible({ name: "example", baseURL: `${url}/v1`, includeUsage: true })("gpt-x");

let server: TestServer;
beforeAll(async () => {
  server = await serve(() => recorded("openai-stream"));
});
afterAll(() => server.stop());

describeModel("ai-sdk", { make: () => aiSdk(modelAt(server.url)) });

const fixes = { unauthorized: "", missing: "" };
const versions = [
  ["v2", (url: string) => asV2(modelAt(url))],
  ["v3", modelAt],
  ["v4", (url: string) => asV4(modelAt(url))],
] as const;

for (const [version, make] of versions) {
  describeAdapter(`ai-sdk ${version}`, { ...streaming(fixes), make: (url) => aiSdk(make(url)) });
}
describeAdapter("ai-sdk v3 without streams", {
  ...whole(fixes),
  make: (url) => aiSdk(modelAt(url), { stream: false }),
});
