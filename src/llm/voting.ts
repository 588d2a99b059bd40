/**
 * Voting: several answers to one request, until one leads every other by v votes (first-to-ahead-by-v, Meyerson
 * et al. 2025, arXiv 2511.09030). Answers that cannot be read are discarded. Each answer is a call and counts.
 */
import {
  checkKeys,
  checkWhole,
  type Model,
  ModelError,
  type ModelRequest,
  type ModelResponse,
  rngFrom,
  UsageError,
  type Voting,
} from "../core/index.ts";

/** Options of voting. */
export interface VotingOptions {
  /** v: the answer is the first that leads every other by so many votes; default 2. */
  readonly lead?: number;
  /** Most calls for one answer; beyond, the request fails. Default 20 v. */
  readonly mostCalls?: number;
}

/**
 * Makes a model that is asked until an answer leads, in any role. Answers must differ to be worth a vote, so its
 * temperature should not be 0, at which there is no vote. With error rate e, and all wrong answers alike, the right one wins with probability
 * 1 / (1 + (e / (1 - e))^v).
 */
export function voting(model: Model, options: VotingOptions = {}): Model {
  if (typeof model?.generate !== "function") {
    const isChoice = typeof model === "object" && model !== null && "models" in model;
    const got = isChoice
      ? "several; put voting around each of them: ensemble([voting(a), voting(b)])"
      : `${typeof model === "string" ? `the text '${model}'; write '${model},votes=2' instead` : typeof model}`;
    throw new UsageError(`voting needs a model, got ${got}`);
  }
  checkKeys("voting", options, ["lead", "mostCalls"]);
  if (model.voting !== undefined) {
    throw new UsageError(
      `voting: model '${model.name}' is voted on already; write voting(model, { lead: 3 }) once`,
    );
  }
  const lead = checkWhole("voting: lead", options.lead ?? 2, 1);
  const mostCalls = checkWhole("voting: mostCalls", options.mostCalls ?? 20 * lead, lead);
  // Written out for models that are instances of classes.
  const { name, provider, size, isDeterministic } = model;
  const [prepare, close] = [model.prepare?.bind(model), model.close?.bind(model)];
  return {
    ...model,
    ...{ name, provider, size, isDeterministic, voting: { lead, mostCalls } },
    generate: (request) => model.generate(request),
    ...(prepare === undefined ? {} : { prepare }),
    ...(close === undefined ? {} : { close }),
  };
}

/** Failures in a row, each after all its tries, with which a request fails: the next calls would fail as well. */
const mostFailures = 3;

/**
 * Carries the votes out: wraps the metered model. At temperature 0 one answer is all there is. The votes on a request with a seed have seeds of their own, drawn
 * from that one: with the same seed they would all be the same answer.
 */
export function vote(model: Model, { lead, mostCalls }: Voting): Model {
  return {
    ...model,
    async generate(request) {
      if (request.temperature === 0) return model.generate(request); // all votes would be the same
      const count = new Count();
      let calls = 0;
      let failure: ModelError | undefined;
      let failures = 0;
      const rng = request.seed === undefined ? undefined : rngFrom("vote", request.seed);
      const ask = () =>
        model.generate(rng === undefined ? request : { ...request, seed: Math.floor(rng() * 2 ** 31) });
      while (calls < mostCalls) {
        // As many as are needed in any case, so that none is wasted by asking at once.
        const asked = Math.min(lead - count.lead, mostCalls - calls);
        calls += asked;
        const answers = Array.from({ length: asked }, ask);
        for (const answer of await Promise.allSettled(answers)) {
          if (answer.status === "fulfilled") {
            count.add(answer.value, request);
            failures = 0;
          } else if (!(answer.reason instanceof ModelError) || answer.reason.isFatal) throw answer.reason;
          else {
            failure = answer.reason;
            failures += 1;
          }
        }
        if (failure !== undefined && failures >= mostFailures) throw failure;
        if (count.leader !== undefined && count.lead >= lead) return count.leader;
      }
      if (count.leader === undefined && failure !== undefined) throw failure;
      const votes = count.leader === undefined ? "none could be read" : `the best led by ${count.lead}`;
      throw new ModelError(`no answer led by ${lead} votes after ${calls} calls: ${votes}`);
    },
  };
}

/** The votes so far. */
class Count {
  readonly #votes = new Map<string, number>();
  #leader: { readonly key: string; readonly response: ModelResponse } | undefined;
  /** Votes of the leader, and most votes of any other. */
  #most = 0;
  #second = 0;

  /** By how many votes the leader leads. */
  get lead(): number {
    return this.#most - this.#second;
  }

  /** The first answer of those that say what the leader says; undefined without a vote. */
  get leader(): ModelResponse | undefined {
    return this.#leader?.response;
  }

  add(response: ModelResponse, { readAs = textOf }: ModelRequest): void {
    const key = readAs(response);
    if (key === undefined) return;
    const votes = (this.#votes.get(key) ?? 0) + 1;
    this.#votes.set(key, votes);
    if (key === this.#leader?.key) this.#most = votes;
    else if (votes <= this.#most) this.#second = Math.max(this.#second, votes);
    else {
      this.#second = this.#most;
      this.#most = votes;
      this.#leader = { key, response };
    }
  }
}

/** How an answer reads where the request does not say: as it is, if it came to its end. */
function textOf({ text, stopReason }: Pick<ModelResponse, "text" | "stopReason">): string | undefined {
  const trimmed = text.trim();
  return stopReason === "stop" && trimmed !== "" ? trimmed : undefined;
}
