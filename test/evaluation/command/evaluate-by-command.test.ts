import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { UsageError } from "../../../src/core/index.ts";
import { needs } from "../../needs.ts";
import { temporaryFolder } from "../../store/folder.ts";
import {
  evaluate,
  feedbackOf,
  ownTemporaryFolder,
  processesWith,
  shell,
  systemPath,
  testBehind,
  walls,
} from "./evaluating.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each(walls)("a command behind the wall '%s'", (wall) => {
  const test = testBehind[wall];

  test("gives fitness, metrics and feedback by its last line of JSON", async () => {
    const script = `echo starting; echo '{"fitness": 9}'; echo '{"fitness": 2.5, "metrics": {"time": 3}, "feedback": "good"}'; echo done; echo warning >&2`;
    expect(await shell(script, { wall })).toEqual({
      status: "ok",
      fitness: 2.5,
      metrics: { time: 3, fitness: 2.5 },
      feedback: "good\nStandard error:\nwarning",
    });
  });

  test("gives its result by a file, which counts before the output", async () => {
    const script = `echo '{"fitness": 1}'; echo '{"fitness": 2}' > "$ALLELE_RESULT"`;
    expect(await shell(script, { wall })).toEqual({ status: "ok", fitness: 2, metrics: { fitness: 2 } });
    expect(
      await evaluate(["cp", "{file}", "{result}"], {
        wall,
        files: [{ path: "in/a.json", text: '{"fitness":3}' }],
      }),
    ).toEqual({ status: "ok", fitness: 3, metrics: { fitness: 3 } });
  });

  test("is told about without the path of its working copy, which differs each time", async () => {
    const files = [{ path: "a.txt", text: "text" }];
    const said = `echo "{\\"fitness\\": 1, \\"feedback\\": \\"in $PWD/a.txt line 3\\"}"; echo "see $PWD/a.txt" >&2`;
    expect(await shell(said, { wall, files })).toMatchObject({
      feedback: "in a.txt line 3\nStandard error:\nsee a.txt",
    });
    const failed = await shell(`cat "$PWD/b.txt"; exit 3`, { wall, files });
    expect(feedbackOf(failed)).toContain("b.txt");
    expect(feedbackOf(failed)).not.toContain("allele-candidate");
    expect(await shell(`cat "$PWD/b.txt"; exit 3`, { wall, files })).toEqual(failed);
  });

  test("gets its paths and its repeat where it asks for them", async () => {
    const script = `test "$PWD" = "$1" && test "$(cat "$0")" = text && test "$2" = "$ALLELE_RESULT" && test "$3$ALLELE_REPEAT" = 44 && echo '{"fitness": 1}'`;
    const argv = ["sh", "-c", script, "{file}", "{folder}", "{result}", "{repeat}"];
    const files = [{ path: "code/a.txt", text: "text" }];
    expect(await evaluate(argv, { wall, files, repeat: 4 })).toMatchObject({ status: "ok" });
  });

  test("gets no variable of the user's environment but PATH", async () => {
    vi.stubEnv("OPENAI_API_KEY", "secret-key");
    const evaluation = await evaluate(["env"], { wall, environment: { MODE: "fast" } });
    const [, output = ""] = feedbackOf(evaluation).split("Standard output:\n");
    const variables = new Map(
      output.split("\n").map((text) => text.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    variables.delete("PWD"); // set by bwrap
    expect([...variables.keys()].sort()).toEqual(
      [
        ...["ALLELE_EVALUATION", "ALLELE_REPEAT", "ALLELE_RESULT", "HOME", "LANG", "MODE", "PATH"],
        ...["PYTHONDONTWRITEBYTECODE", "TMPDIR"],
      ].sort(),
    );
    expect(variables.get("PATH")).toBe(systemPath);
  });

  test("gets an empty home folder and a folder for temporary files", async () => {
    const script = `test -z "$(ls -A "$HOME")" && echo x > "$HOME/x" && echo x > "$TMPDIR/x" && echo '{"fitness": 1}'`;
    expect(await shell(script, { wall })).toMatchObject({ status: "ok" });
  });

  test("works in a fresh copy of the folder with the candidate's files written over it", async () => {
    const [folder, places] = [temporaryFolder(), ownTemporaryFolder()];
    mkdirSync(join(folder, "data/.git"), { recursive: true });
    mkdirSync(join(folder, "node_modules/lib"), { recursive: true });
    writeFileSync(join(folder, "node_modules/lib/index.js"), "lib");
    writeFileSync(join(folder, "data/numbers"), "1 2");
    writeFileSync(join(folder, "data/.git/config"), "token");
    writeFileSync(join(folder, "run.sh"), "#!/bin/sh\necho original\n", { mode: 0o755 });
    const text = `#!/bin/sh\ncat node_modules/lib/index.js data/numbers; ls -A . data; rm -r data; echo '{"fitness": 1}'\n`;
    const trial = { wall, folder, files: [{ path: "run.sh", text }] };
    for (const _ of [1, 2]) {
      expect(await evaluate(["./run.sh"], trial)).toMatchObject({ status: "ok" });
    }
    const failing = await evaluate(["sh", "-c", "./run.sh | tr -d '{}'"], trial);
    expect(feedbackOf(failing)).toContain(
      'lib1 2.:\ndata\nnode_modules\nrun.sh\n\ndata:\nnumbers\n"fitness": 1',
    );
    expect(readFileSync(join(folder, "run.sh"), "utf8")).toContain("original");
    expect(readdirSync(places)).toEqual([]);
  });

  test("runs many at once, each in its own copy", async () => {
    const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
    const script = `cat a > b; cat b > "$TMPDIR/c"; sleep 0.05; echo "{\\"fitness\\": $(cat b "$TMPDIR/c" | tr -d '\\n')}"`;
    const evaluations = await Promise.all(
      numbers.map((number) => shell(script, { wall, files: [{ path: "a", text: String(number) }] })),
    );
    expect(evaluations.map((evaluation) => evaluation.status === "ok" && evaluation.fitness)).toEqual(
      numbers.map((number) => Number(`${number}${number}`)),
    );
  });

  test("fails by its exit code or a signal, whatever it printed", async () => {
    const crash = await shell(`echo '{"fitness": 1, "error": "why"}'; echo trace >&2; exit 3`, { wall });
    expect(crash).toEqual({
      status: "failed",
      reason: "crash",
      feedback: "The command ended with exit code 3.\nError:\nwhy\nStandard error:\ntrace",
    });
    const killed = await shell("kill -SEGV $$", { wall });
    expect(killed).toMatchObject({ status: "failed", reason: "crash" });
    expect(feedbackOf(killed)).toContain("SIGSEGV");
  });

  test("can say itself that the candidate failed, and why", async () => {
    const script = `echo '{"status": "failed", "reason": "syntax", "error": "line 3"}'; exit 1`;
    expect(await shell(script, { wall })).toEqual({
      status: "failed",
      reason: "syntax",
      feedback: "Error:\nline 3",
    });
    const vague = await shell(`echo '{"status": "failed", "reason": "tired"}'`, { wall });
    expect(vague).toMatchObject({ status: "failed", reason: "invalid" });
  });

  test("is invalid without a result, or without a finite fitness", async () => {
    expect(await shell("echo hello", { wall })).toMatchObject({
      status: "failed",
      reason: "invalid",
      feedback: expect.stringContaining("gave no result"),
    });
    const script = `echo '{"combined_score": NaN, "time": 2, "is_valid": true, "note": "x"}'`;
    expect(await shell(script, { wall, fitness: "combined_score" })).toEqual({
      status: "failed",
      reason: "invalid",
      feedback:
        'The metric "combined_score" is not a finite number; metrics that came: combined_score, time; name the one that is the fitness.',
    });
    expect(await shell(script, { wall, fitness: "is_valid" })).toMatchObject({
      feedback:
        'The metric "is_valid" is missing; metrics that came: combined_score, time; name the one that is the fitness.',
    });
  });

  test("is killed at its time limit with children in other sessions and with other parents", async () => {
    const [mark, places] = [randomUUID(), ownTemporaryFolder()];
    const script = `echo begun; setsid sh -c 'sleep 61 & sleep 62' & (setsid sh -c '(sleep 63 &) ; exit' &) ; sleep 64`;
    const started = performance.now();
    const evaluation = await shell(script, { wall, timeoutMs: 400, environment: { MARK: mark } });
    // The answer comes within 100 ms; this leaves room for a busy machine.
    expect(performance.now() - started).toBeLessThan(400 + 1000);
    expect(evaluation).toEqual({
      status: "failed",
      reason: "timeout",
      feedback: "Ended after the time limit of 400 ms.\nStandard output:\nbegun",
    });
    expect(processesWith(mark)).toEqual([]);
    expect(readdirSync(places)).toEqual([]);
  });

  test("has ended when its first process has, with all it left in the background", async () => {
    const mark = randomUUID();
    const script = `setsid sleep 65 & (setsid sh -c 'sleep 66; echo late' &) ; echo '{"fitness": 1}'`;
    const started = performance.now();
    const evaluation = await shell(script, { wall, timeoutMs: 20_000, environment: { MARK: mark } });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(evaluation).toMatchObject({ status: "ok" });
    await expect.poll(() => processesWith(mark)).toEqual([]);
  });

  test("is killed beyond its memory limit, all its processes together", async () => {
    const one = await shell("tail -n 1 /dev/zero", { wall, memoryMb: 64 });
    expect(one).toEqual({
      status: "failed",
      reason: "memory",
      feedback: "Ended for using more than the memory limit of 64 MB.",
    });
    const hold = "(head -c 30000000 /dev/zero; sleep 60) | tail -n 1 > /dev/null";
    const many = await shell(`${hold} & ${hold} & ${hold}`, { wall, memoryMb: 64 });
    expect(many).toMatchObject({ status: "failed", reason: "memory" });
  });

  test("may take its memory limit nearly whole", async () => {
    const script = `(head -c 30000000 /dev/zero; sleep 0.3) | tail -n 1 > /dev/null; echo '{"fitness": 1}'`;
    expect(await shell(script, { wall, memoryMb: 64 })).toMatchObject({ status: "ok" });
  });

  test("is killed when it starts too many processes", async () => {
    const mark = randomUUID();
    const script = `i=0; while [ $i -lt 300 ]; do setsid sleep 60 & i=$((i+1)); done; wait`;
    const trial = { wall, processes: 40, environment: { MARK: mark } };
    expect(await shell(script, trial)).toMatchObject({ status: "failed", reason: "memory" });
    expect(processesWith(mark)).toEqual([]);
  });

  test("is killed when it writes more than its output limit", async () => {
    const evaluation = await shell("yes", { wall, outputBytes: 100_000 });
    expect(evaluation).toMatchObject({
      status: "failed",
      reason: "invalid",
      feedback: expect.stringContaining("more than the output limit of 100,000 bytes"),
    });
    expect(await shell("echo 12345 >&2; echo 12345", { wall, outputBytes: 11 })).toMatchObject({
      feedback: expect.stringContaining("output limit"),
    });
    const within = `echo '{"fitness": 1}'`; // 14 characters and a line break
    expect(await shell(within, { wall, outputBytes: 15 })).toMatchObject({ status: "ok" });
    expect(await shell(within, { wall, outputBytes: 14 })).toMatchObject({ status: "failed" });
  });

  test("is killed when it is aborted, and leaves nothing", async () => {
    const [mark, places] = [randomUUID(), ownTemporaryFolder()];
    const abort = new AbortController();
    const pending = shell("setsid sleep 67 & sleep 68", {
      wall,
      signal: abort.signal,
      environment: { MARK: mark },
    });
    pending.catch(() => undefined);
    await vi.waitFor(() => expect(processesWith(mark).length).toBeGreaterThan(2), { timeout: 10_000 });
    const reason = new Error("enough");
    abort.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect(processesWith(mark)).toEqual([]);
    expect(readdirSync(places)).toEqual([]);
    await expect(shell("true", { wall, signal: abort.signal })).rejects.toBe(reason);
  });

  test("cannot keep its files from being removed", async () => {
    const places = ownTemporaryFolder();
    const deep = `n=$(printf %0200d 0); i=0; while [ $i -lt 30 ]; do mkdir $n && cd $n; i=$((i+1)); done`;
    const script = `mkdir -p a/b; touch a/b/c; chmod 0 a/b/c a/b a; (${deep}); ln -s / up; chmod 0 .; echo '{"fitness": 1}'`;
    expect(await shell(script, { wall })).toMatchObject({ status: "ok" });
    expect(readdirSync(places)).toEqual([]);
  });

  test("cannot give a result that is no regular file, or a large one", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "host.json"), '{"fitness": 7}');
    const tries = [
      [`ln -s ${folder}/host.json "$ALLELE_RESULT"`, "is not a regular file"],
      ['mkfifo "$ALLELE_RESULT"', "is not a regular file"],
      ['mkdir "$ALLELE_RESULT"', "is not a regular file"],
      ['head -c 3000 /dev/zero > "$ALLELE_RESULT"', "is larger than 2000 bytes"],
      ['echo "[1]" > "$ALLELE_RESULT"', "holds no JSON object"],
    ];
    for (const [script = "", message = ""] of tries) {
      const evaluation = await shell(`${script}; echo '{"fitness": 1}'`, {
        wall,
        readable: [folder],
        outputBytes: 2000,
      });
      expect([script, evaluation.status, feedbackOf(evaluation)]).toEqual([
        script,
        "failed",
        expect.stringContaining(message),
      ]);
    }
  });

  test("that cannot be started is the user's mistake", async () => {
    const files = [{ path: "a.sh", text: "echo" }];
    const missing = evaluate(["no-such-program"], { wall });
    await expect(missing).rejects.toThrow(UsageError);
    await expect(missing).rejects.toThrow("Command 'no-such-program' was not found in PATH (/usr/local/bin");
    await expect(evaluate(["./none.sh"], { wall, files })).rejects.toThrow(/was not found at .*none\.sh/);
    await expect(evaluate(["{file}"], { wall, files })).rejects.toThrow(/is not executable; run chmod \+x/);
    await expect(evaluate(["sh", "{file}"], { wall })).rejects.toThrow("the solution has no file");
    await expect(evaluate(["sh"], { wall, path: ".:bin" })).rejects.toThrow(UsageError);
  });

  test("is not started for a file outside the working copy", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "node_modules/lib"), { recursive: true });
    symlinkSync("node_modules", join(folder, "link"));
    for (const path of ["../x", "/x", "a/../../x", "", ".", "a/", "node_modules/lib/x", "link/lib/x"]) {
      const evaluation = shell("echo", { wall, folder, files: [{ path, text: "" }] });
      await expect(evaluation, path).rejects.toThrow(UsageError);
    }
    expect(readdirSync(join(folder, "node_modules/lib"))).toEqual([]);
  });
});

describe("a command", () => {
  needs.bubblewrap(
    "whose program a candidate wrote without an interpreter fails as the candidate's",
    async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "a.sh"), "", { mode: 0o755 });
      const files = [{ path: "a.sh", text: "#!/no/such/interpreter\n" }];
      for (const wall of walls) {
        expect(await evaluate(["{file}"], { wall, folder, files })).toMatchObject({ reason: "crash" });
      }
    },
  );

  needs.python("may share its memory among forked processes", async () => {
    const text = `import os, time
data = b"x" * 40_000_000
children = [os.fork() for _ in range(3)]
time.sleep(0.3)
if 0 not in children:
    [os.wait() for _ in children]
    print('{"fitness": 1}')
`;
    const trial = { files: [{ path: "a.py", text }], path: process.env.PATH, memoryMb: 160 };
    expect(await evaluate(["python3", "{file}"], trial)).toMatchObject({ status: "ok" });
  });

  it("gets no open file that Allele inherited", async () => {
    const folder = temporaryFolder();
    const script = join(folder, "evaluate.mts");
    const source = (path: string) =>
      JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).pathname);
    writeFileSync(
      script,
      `import { command } from ${source("core/index.ts")};
       import { evaluateByCommand } from ${source("evaluation/command/evaluate-by-command.ts")};
       const scoring = command({ command: ["sh", "-c", "readlink /proc/self/fd/*; echo x > /proc/self/fd/77"] });
       const options = { wall: "none", environmentPath: undefined, signal: new AbortController().signal };
       console.log((await evaluateByCommand(scoring, [], 0, options)).feedback);`,
    );
    const inherited = join(folder, "inherited");
    const jiti = fileURLToPath(import.meta.resolve("jiti/register"));
    const start = `exec 77>>"$0"; exec "$1" --import "$2" "$3"`;
    const { stdout } = await promisify(execFile)("bash", [
      ...["-c", start, inherited, process.execPath, jiti, script],
    ]);
    expect(stdout).toContain("/dev/null");
    expect(stdout).not.toContain(inherited);
    expect(readFileSync(inherited, "utf8")).toBe("");
  });
});
