/**
 * Exact costs on the routing problem under Def. 2.2, outputs included (Meyerson and Qiu, ICML 2025, section 3.1),
 * of calls without any prompt overhead (`prompt: "compact"`) that are tried again until the answer is right.
 *
 * With m_d and m_s the sizes of delegator and specialist, n tokens of a query, c of them in its first line, t of its
 * answer and t_d of its kind's name, one try costs
 *
 *   generalist of size m:  m (t n + t (t - 1) / 2)                                              equation (1)
 *   routed:                m_d (t_d c + t_d (t_d - 1) / 2) + m_s (t n + t (t - 1) / 2)          equation (2)
 *
 * and with error rates e of whoever answers and e_d of the delegator, a query takes 1 / ((1 - e) (1 - e_d)) tries.
 * What is assumed: tries are independent; a wrong answer has as many tokens as the right one, and so has the name
 * of a wrong kind; a specialist that is given what is beyond it never answers rightly. All of it holds for
 * `simulatedCapable` with `routingTasks` and `routingDelegation`.
 */
import { checkBetween, primitiveCost } from "../../src/core/index.ts";

/** Numbers of tokens that belong to one query. */
export interface QueryTokens {
  /** c: its first line, without the line break. */
  readonly prefix: number;
  /** n: all of it. */
  readonly query: number;
  /** t: its answer. */
  readonly answer: number;
  /** t_d: the name of its kind. */
  readonly name: number;
}

/** The streams of a size, one for each seed. */
export type RoutingStreams = (k: number) => readonly (readonly QueryTokens[])[];

/** Exact means of a strategy at one size. */
export interface RoutingExpectation {
  readonly applications: number;
  readonly primitiveCost: number;
}

/** The setting of a generalist. */
export interface GeneralistSetting {
  /** m, by the number of kinds k; default k. */
  readonly modelSize?: (k: number) => number;
  /** e: share of wrong answers, below 1; default 0. */
  readonly errorRate?: number;
}

/** The setting of delegator and specialists. */
export interface RoutedSetting {
  /** m_d, by the number of kinds; default 1. */
  readonly delegatorSize?: (k: number) => number;
  /** m_s, by the number of kinds; default 1. */
  readonly specialistSize?: (k: number) => number;
  /** e: share of wrong answers of the specialist whose task it is, below 1; default 0. */
  readonly errorRate?: number;
  /** e_d: share of queries that the delegator gives to a wrong specialist, below 1; default 0. */
  readonly delegatorErrorRate?: number;
  /** Tokens that a specialist answers to what is beyond it; default 4, as of `simulatedCapable`. */
  readonly lostTokens?: number;
}

const most = 1 - 1e-9;

/** One model answers all queries: the mean over the streams of a size, by its number of kinds k. */
export function generalistTheory(
  streams: RoutingStreams,
  { modelSize = (k) => k, errorRate = 0 }: GeneralistSetting = {},
): (k: number) => RoutingExpectation {
  const tries = 1 / (1 - checkBetween("generalistTheory: errorRate", errorRate, 0, most));
  return (k) =>
    meanOf(streams(k), tries, ({ query, answer }) =>
      primitiveCost({ modelSize: modelSize(k), inputTokens: query, outputTokens: answer }),
    );
}

/** A delegator reads each first line, and a specialist answers: the mean over the streams of a size. */
export function routedTheory(
  streams: RoutingStreams,
  setting: RoutedSetting = {},
): (k: number) => RoutingExpectation {
  const { delegatorSize = () => 1, specialistSize = () => 1, lostTokens = 4 } = setting;
  const e = checkBetween("routedTheory: errorRate", setting.errorRate ?? 0, 0, most);
  const lost = checkBetween("routedTheory: delegatorErrorRate", setting.delegatorErrorRate ?? 0, 0, most);
  const tries = 1 / ((1 - e) * (1 - lost));
  return (k) =>
    meanOf(streams(k), tries, ({ prefix, query, answer, name }) => {
      const asked = { modelSize: specialistSize(k), inputTokens: query };
      return (
        primitiveCost({ modelSize: delegatorSize(k), inputTokens: prefix, outputTokens: name }) +
        (1 - lost) * primitiveCost({ ...asked, outputTokens: answer }) +
        lost * primitiveCost({ ...asked, outputTokens: lostTokens })
      );
    });
}

function meanOf(
  streams: readonly (readonly QueryTokens[])[],
  tries: number,
  costOf: (tokens: QueryTokens) => number,
): RoutingExpectation {
  const queries = streams.flat();
  const cost = queries.reduce((sum, tokens) => sum + costOf(tokens), 0);
  return {
    applications: (tries * queries.length) / streams.length,
    primitiveCost: (tries * cost) / streams.length,
  };
}
