import { describe, expect, it } from "vitest";
import { readModel } from "../src/read-model.ts";

describe("a model as text", () => {
  it("is a provider and a name, and then options in any order", () => {
    expect(readModel("ollama:qwen2.5-coder:7b").model).toMatchObject({
      name: "qwen2.5-coder:7b",
      provider: "ollama",
    });
    const text =
      "openai:gpt-x@http://localhost:8000/v1,size=8,price=0.15/0.6@2026-11-01,temperature=0.5,weight=3,votes=2,capabilities=sum+sort";
    const limits = ",max-tokens=100,concurrency=4,retries=2,timeout=1.5,rpm=60,tpm=1000";
    const { model, weight } = readModel(text + limits);
    expect(weight).toBe(3);
    expect(model).toMatchObject({
      ...{ name: "gpt-x", size: 8, maxTokens: 100, isDeterministic: false },
      price: { usdPerMillionInputTokens: 0.15, usdPerMillionOutputTokens: 0.6, asOf: "2026-11-01" },
      calls: { concurrency: 4, retries: 2, timeoutMs: 1500, requestsPerMinute: 60, tokensPerMinute: 1000 },
      parameters: { temperature: 0.5 },
      ...{ voting: { lead: 2, mostCalls: 40 }, capabilities: ["sum", "sort"] },
    });
    expect(JSON.stringify(model.parameters)).toContain("localhost:8000");
  });

  it("may be the name of a simulated model", () => {
    expect(readModel("simulated,size=7").model).toMatchObject({
      name: "simulated",
      size: 7,
      isDeterministic: true,
    });
    expect(readModel("simulated-programmer").model).toMatchObject({ provider: "simulated" });
  });

  it("may have names with at signs, commas and slashes", () => {
    expect(readModel("openai:@cf/meta/llama-3@http://127.0.0.1:1/v1").model.name).toBe("@cf/meta/llama-3");
    expect(readModel("openai:a@b").model.name).toBe("a@b");
    expect(readModel("gguf:./models/a,b.gguf").model.name).toContain("a,b.gguf");
  });

  it.each([
    [
      "gpt-4",
      "Model 'gpt-4' is unknown; known: simulated, simulated-chooser, simulated-programmer, ollama:NAME, ",
    ],
    ["constructor", "Model 'constructor' is unknown"],
    ["ollama:", "Model 'ollama:' is unknown"],
    ["toString:x", "Model 'toString:x' is unknown"],
    ["ollama:x,sise=7", "Model 'ollama:x,sise=7': option 'sise' is unknown; known: size, price, "],
    ["ollama:x,size", "Model 'ollama:x,size': option 'size' expects a value, e.g. size=..."],
    ["ollama:x,", "Model 'ollama:x,': nothing follows a comma"],
    ["ollama:x,size=7,size=8", "option 'size' is given twice"],
    ["ollama:x,key=FOO", "Model 'ollama:x,key=FOO' takes no option 'key'; it takes: size, price, "],
    ["openai:x@http://a/v1,threads=2", "takes no option 'threads'"],
    ["openai:x@ftp://a/v1", "an address begins with http:// or https://, got ftp://a/v1"],
    ["ollama:x,size=big", "Model option 'size' expects a number, got 'big'"],
    ["ollama:x,size=-1", "Model option 'size' expects a number above 0, got '-1'"],
    [
      "ollama:x,price=1",
      "Model option 'price' expects dollars per million tokens in and out, e.g. 0.15/0.6, got '1'",
    ],
    ["ollama:x,price=1/2@yesterday", "asOf must be a date such as 2026-11-22, got yesterday"],
    ["ollama:x,concurrency=0", "Model option 'concurrency' expects a whole number of at least 1, got '0'"],
    [
      "ollama:x,think=maybe",
      "Model option 'think' 'maybe' is unknown; known: false, high, low, max, medium, true",
    ],
    [
      "simulated,key=X",
      "Model 'simulated,key=X' takes no option 'key'; it takes: size, price, concurrency, votes, weight",
    ],
    ["ollama:x,Size=7", "Model 'ollama:x,Size=7': option 'Size' is unknown"],
    ["ollama:x,max_tokens=7", "option 'max_tokens' is unknown; known: size, price, temperature, max-tokens"],
    ["ollama:x,votes=0", "Model option 'votes' expects a whole number of at least 1, got '0'"],
    ["ollama:x,capabilities=", 'capabilities must be a list of names, got [""]'],
    ["ollama:x,weight=0", "Model option 'weight' expects a number above 0, got '0'"],
    [
      "openai:x@localhost:8000/v1",
      "Model 'openai:x@localhost:8000/v1': an address begins with http:// or https://, got localhost:8000/v1",
    ],
    [
      "openai:x@http://user:password@host/v1,sise=7",
      "Model 'openai:x@http://host/v1,sise=7': option 'sise' is unknown",
    ],
    ["ai-sdk:anthropic", "ai-sdk expects PROVIDER:NAME such as anthropic:claude-x, got 'anthropic'"],
  ])("says what is wrong with %s", (text, message) => {
    expect(() => readModel(text)).toThrow(message);
  });

  it("may have spaces before its options, and an address in capitals", () => {
    expect(readModel("ollama:x, size=7").model).toMatchObject({ name: "x", size: 7 });
    expect(readModel("openai:x@HTTP://127.0.0.1:1/v1").model).toMatchObject({
      name: "x",
      parameters: { baseUrl: "http://127.0.0.1:1/v1" },
    });
  });

  it("does not repeat what may be a key in the place of a variable's name", () => {
    expect(() => readModel("openai:x,key=sk-abcdef")).toThrow(
      /^Model option 'key' expects the name of the environment variable that holds the key, not the key itself$/,
    );
  });

  it("names the package of an AI SDK provider that is not installed, and how to get it", async () => {
    const { model } = readModel("ai-sdk:no-such-provider:x");
    const context = { environment: {}, signal: new AbortController().signal };
    await expect(model.prepare?.(context)).rejects.toThrow(
      "Model 'ai-sdk:no-such-provider:x' needs the package @ai-sdk/no-such-provider, which is not installed; " +
        "run: npm install @ai-sdk/no-such-provider",
    );
  });
});
