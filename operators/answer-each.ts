/** Components answered side by side: each with calls and seeds of its own, whatever comes of the others. */
import {
  type Model,
  ModelError,
  type ProposeContext,
  proposed,
  type Rewrite,
  type Role,
  rejected,
  rngFrom,
} from "../src/core/index.ts";

/**
 * Answers all announced components side by side: the changes are what could be read. Where nothing could, the
 * first failure of a call is thrown, else the first reason is the rejection's. What one component asks for is asked
 * of the models in `own`, so that its seeds do not depend on when the answers of others come.
 */
export async function answerEach<R extends Role>(
  context: ProposeContext<R>,
  answerOne: (index: number, own: ProposeContext<R>) => Promise<Rewrite>,
): Promise<Rewrite> {
  const { components } = context;
  const changes = new Map<number, string>();
  let failure: ModelError | undefined;
  let reason: string | undefined;
  const answers = components.map((index) =>
    answerOne(index, components.length === 1 ? context : withOwnSeeds(context)),
  );
  for (const result of await Promise.allSettled(answers)) {
    if (result.status === "rejected") {
      const error: unknown = result.reason;
      if (!(error instanceof ModelError) || error.isFatal) throw error;
      failure ??= error;
    } else if (result.value.status === "rejected") reason ??= result.value.reason;
    else for (const [index, text] of result.value.changes) changes.set(index, text);
  }
  if (changes.size > 0) return proposed(changes);
  if (failure !== undefined) throw failure;
  return rejected(reason ?? "no component was announced");
}

/** The same context; its models draw the seeds of requests that name none from one generator of their own. */
function withOwnSeeds<R extends Role>(context: ProposeContext<R>): ProposeContext<R> {
  const rng = rngFrom("component", context.rng());
  const seeded = (model: Model): Model => ({
    ...model,
    generate: (request) => model.generate({ ...request, seed: request.seed ?? Math.floor(rng() * 2 ** 31) }),
  });
  const models = Object.fromEntries(
    Object.entries<Model>(context.models).map(([role, model]) => [role, seeded(model)]),
  ) as Record<R, Model>;
  return {
    ...context,
    models,
    team(role) {
      const [first, ...others] = context.team(role);
      return [seeded(first), ...others.map(seeded)];
    },
  };
}
