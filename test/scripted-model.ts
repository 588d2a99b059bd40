/**
 * The one stand-in that tests use: a model that answers from a script. It is strict (a request beyond the
 * script, or unlike what its line expects, fails the call and `finish`) and it records every request.
 */
import { isDeepStrictEqual } from "node:util";
import type { Model, ModelRequest, ModelResponse } from "../src/core/index.ts";

/** An answer: its text, parts of a response, a failure, or whatever a function of the request comes to. */
export type Answer =
  | string
  | Partial<ModelResponse>
  | Error
  | ((request: ModelRequest) => Answer | Promise<Answer>);

/** One line of a script: an answer, and the whole request (signal, seed, readAs and undefined fields aside) that must come before it. */
export type Line = Answer | { readonly to: Omit<ModelRequest, "seed" | "signal">; readonly answer: Answer };

/** A model that follows a script. */
export interface ScriptedModel extends Model {
  /** Every request that came, in order. */
  readonly requests: readonly ModelRequest[];
  /** Throws when a request was unexpected or a line of the script was never asked for. */
  finish(): void;
}

/** Makes a model that answers from a list of lines, or, for scripts of any length, from one function. */
export function scripted(
  script: readonly Line[] | ((request: ModelRequest, index: number) => Answer | Promise<Answer>),
  properties: Partial<Omit<Model, "generate">> = {},
): ScriptedModel {
  const requests: ModelRequest[] = [];
  const complaints: string[] = [];
  const complain = (text: string) => {
    complaints.push(text);
    return new Error(text);
  };
  const lineFor = (request: ModelRequest, index: number): Answer | Promise<Answer> => {
    if (typeof script === "function") return script(request, index);
    const line = script[index];
    if (line === undefined)
      return complain(`request ${index} is beyond the script: ${JSON.stringify(request)}`);
    if (typeof line !== "object" || !("to" in line)) return line;
    const { seed: _seed, signal: _signal, readAs: _readAs, ...rest } = request;
    const asked = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    if (isDeepStrictEqual(asked, line.to)) return line.answer;
    return complain(`request ${index}: expected ${JSON.stringify(line.to)}, got ${JSON.stringify(asked)}`);
  };
  return {
    ...{ name: "scripted", provider: "test", size: 1, isDeterministic: true, ...properties },
    requests,
    async generate(request) {
      const index = requests.push(request) - 1;
      let answer = await lineFor(request, index);
      while (typeof answer === "function") answer = await answer(request);
      if (answer instanceof Error) throw answer;
      const parts = typeof answer === "string" ? { text: answer } : answer;
      return {
        text: "",
        stopReason: "stop",
        inputTokens: undefined,
        outputTokens: undefined,
        raw: undefined,
        ...parts,
      };
    },
    finish() {
      if (Array.isArray(script) && requests.length < script.length) {
        complaints.push(`only ${requests.length} of ${script.length} lines were asked for`);
      }
      if (complaints.length > 0) throw new Error(complaints.join("\n"));
    },
  };
}
