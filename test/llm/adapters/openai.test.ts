import { afterAll, beforeAll } from "vitest";
import { openai } from "../../../src/llm/openai.ts";
import { describeAdapter, describeModel } from "./contract.ts";
import { serve, type TestServer } from "./http-server.ts";
import { streaming, whole } from "./openai-subject.ts";
import { recorded } from "./recorded.ts";

let server: TestServer;
beforeAll(async () => {
  server = await serve(() => recorded("openai-stream"));
});
afterAll(() => server.stop());

describeModel("openai", {
  make: () => openai("gpt-x", { baseUrl: `${server.url}/v1` }),
  broken: {
    make: () => openai("gpt-x"),
    says: /^The key for https:\/\/api\.openai\.com\/v1 is missing: set the environment variable OPENAI_API_KEY$/,
  },
});

const fixes = {
  unauthorized:
    "; no key was sent: name the variable that holds it with apiKeyVariable (',key=VARIABLE' in a text)",
  missing: "; there is no model 'gpt-x', or no chat interface at URL/v1",
};

describeAdapter("openai", {
  ...streaming(fixes),
  make: (url) => openai("gpt-x", { baseUrl: `${url}/v1` }),
});

describeAdapter("openai without streams", {
  ...whole(fixes),
  make: (url) => openai("gpt-x", { baseUrl: `${url}/v1/`, stream: false }),
});
