/**
 * What a candidate that has broken out of all inner walls can still try, as data. Each text runs in a child
 * process with all that Node offers, behind bubblewrap alone; docs/security.md lists what happened to each.
 */
export interface Escape {
  readonly name: string;
  /** What it tries, in words. */
  readonly tries: string;
  /** The body of an async function of `tools`; `host` has what only the host can know. */
  readonly code: (host: HostFacts) => string;
  /** What it gets: the value that it returns or the code of the error that it throws, or how it failed. */
  readonly gets: string;
}

/** Facts about the host that a test prepares. */
export interface HostFacts {
  readonly home: string;
  readonly project: string;
  readonly port: number;
  readonly abstractSocket: string;
  readonly pid: number;
  /** An argument by which its processes are found on the host. */
  readonly marker: string;
}

const read = (path: string) => () => `return tools.fs.readFileSync(${JSON.stringify(path)}, "utf8");`;
const connect = (target: string) => `
  const socket = tools.net.connect(${target});
  return new Promise((resolve) => {
    socket.on("connect", () => resolve("connected"));
    socket.on("error", (error) => resolve(error.code));
  });`;

/** Sends a reply of its own to the open request, and nothing more. */
const reply = (text: string) => () => `tools.reply(tools.id + ${JSON.stringify(text)}); for (;;);`;

export const escapes: readonly Escape[] = [
  { name: "password file", tries: "to read /etc/passwd", code: read("/etc/passwd"), gets: "ENOENT" },
  {
    name: "first process's environment",
    tries: "to read /proc/1/environ",
    code: read("/proc/1/environ"),
    gets: "ENOENT",
  },
  { name: "own memory map", tries: "to read /proc/self/maps", code: read("/proc/self/maps"), gets: "ENOENT" },
  {
    name: "environment",
    tries: "to list its environment variables",
    code: () => "return Object.keys(process.env);",
    gets: '["PWD"]',
  },
  {
    name: "home folder",
    tries: "to list the user's home",
    code: ({ home }) => `return tools.fs.readdirSync(${JSON.stringify(home)});`,
    gets: "ENOENT",
  },
  {
    name: "project",
    tries: "to read the project's files",
    code: ({ project }) => `return tools.fs.readFileSync(${JSON.stringify(`${project}/package.json`)});`,
    gets: "ENOENT",
  },
  {
    name: "temporary folder",
    tries: "to list /tmp",
    code: () => 'return tools.fs.readdirSync("/tmp");',
    gets: "ENOENT",
  },
  {
    name: "devices",
    tries: "to list /dev",
    code: () => 'return tools.fs.readdirSync("/dev");',
    gets: "ENOENT",
  },
  {
    name: "its own folder",
    tries: "to list what lies beside its program",
    code: () => 'return tools.fs.readdirSync("/sandbox");',
    gets: '["child.mjs","node"]',
  },
  {
    name: "write a file",
    tries: "to write to /",
    code: () => 'tools.fs.writeFileSync("/file", "x");',
    gets: "EROFS",
  },
  {
    name: "write beside its program",
    tries: "to leave a file for the next candidate",
    code: () => 'tools.fs.writeFileSync("/sandbox/file", "x");',
    gets: "EROFS",
  },
  {
    name: "change its program",
    tries: "to replace the program of the sandbox",
    code: () => 'tools.fs.appendFileSync("/sandbox/child.mjs", "x");',
    gets: "EROFS",
  },
  {
    name: "change Node",
    tries: "to change the rights of the Node executable",
    code: () => "tools.fs.chmodSync(process.execPath, 0o777);",
    gets: "EROFS",
  },
  { name: "become root", tries: "to change its user", code: () => "process.setuid(0);", gets: "EINVAL" },
  {
    name: "who it is",
    tries: "to learn user and host name",
    code: () => "return [process.getuid(), tools.os.hostname()];",
    gets: '[65534,"sandbox"]',
  },
  {
    name: "loopback server",
    tries: "to connect to a server of the host",
    code: ({ port }) => connect(`{ host: "127.0.0.1", port: ${port} }`),
    gets: "ECONNREFUSED",
  },
  {
    name: "abstract socket",
    tries: "to connect to a local socket of the host",
    code: ({ abstractSocket }) => connect(JSON.stringify(`\0${abstractSocket}`)),
    gets: "ECONNREFUSED",
  },
  {
    name: "the network",
    tries: "to connect to an address outside",
    code: () => connect('{ host: "192.0.2.1", port: 80 }'),
    gets: "ENETUNREACH",
  },
  {
    name: "network cards",
    tries: "to find a network card",
    code: () => 'return Object.keys(tools.os.networkInterfaces()).filter((name) => name !== "lo");',
    gets: "[]",
  },
  {
    name: "signal a process of the host",
    tries: "to signal the program that evaluates it",
    code: ({ pid }) => `process.kill(${pid}, 0);`,
    gets: "ESRCH",
  },
  {
    name: "see processes",
    tries: "to guess the ids of other processes",
    code: () =>
      "const seen = []; for (let pid = 1; pid < 70000; pid++) { try { process.kill(pid, 0); seen.push(pid); } catch {} } return seen.every((pid) => pid < 100) ? 'none but its own' : seen;",
    gets: '"none but its own"',
  },
  {
    name: "kill everything",
    tries: "to kill all processes that it may",
    code: () => 'try { process.kill(-1, "SIGKILL"); } catch (error) { return error.code; } return "nobody";',
    gets: "ESRCH",
  },
  {
    name: "start a program",
    tries: "to start a shell",
    code: () =>
      'return new Promise((resolve) => tools.childProcess.spawn("/bin/sh").on("error", (error) => resolve(error.code)));',
    gets: "ENOENT",
  },
  {
    name: "fork bomb",
    tries: "to start processes without end",
    code: ({ marker }) =>
      `const more = "for (;;) require('child_process').spawn(process.execPath, ['-e', '0', '" + ${JSON.stringify(marker)} + "'])"; for (let n = 0; n < 8; n++) tools.childProcess.spawn(process.execPath, ["-e", more, ${JSON.stringify(marker)}]); await new Promise(() => {});`,
    gets: "failed: forbidden",
  },
  {
    name: "daemon",
    tries: "to leave a process behind that outlives it",
    code: ({ marker }) =>
      `tools.childProcess.spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", ${JSON.stringify(marker)}], { detached: true, stdio: "inherit" }).unref(); await new Promise(() => {});`,
    gets: "failed: forbidden",
  },
  {
    name: "many threads",
    tries: "to hang in threads of its own",
    code: () =>
      'const { Worker } = await import("node:worker_threads"); for (let n = 0; n < 4; n++) new Worker("for (;;);", { eval: true }); await new Promise(() => {});',
    gets: "failed: timeout",
  },
  {
    name: "deaf to signals",
    tries: "to survive by ignoring signals",
    code: () =>
      'for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => {}); for (;;);',
    gets: "failed: timeout",
  },
  {
    name: "memory outside the heap",
    tries: "to fill memory that Node does not count",
    code: () =>
      "const all = []; for (;;) { all.push(Buffer.alloc(1e7, 1)); await new Promise(setImmediate); }",
    gets: "failed: memory",
  },
  {
    name: "die",
    tries: "to take the evaluation with it",
    code: () => "process.kill(process.pid, 'SIGSEGV'); for (;;);",
    gets: "failed: crash",
  },
  {
    name: "leave",
    tries: "to end as if all were well",
    code: () => "process.exit(0);",
    gets: "failed: crash",
  },
  {
    name: "flood without a line",
    tries: "to fill the host's memory with a reply that never ends",
    code: () => "for (;;) tools.reply('x'.repeat(65536));",
    gets: "failed: invalid",
  },
  {
    name: "flood of lines",
    tries: "to fill the host's memory with replies",
    code: () => "for (;;) tools.reply('0 value 1\\n'.repeat(1000));",
    gets: "failed: invalid",
  },
  {
    name: "flood of errors",
    tries: "to fill the host's memory through standard error",
    // A full pipe refuses what comes (EAGAIN) where the host is slow to read it.
    code: () => "for (;;) try { tools.fs.writeSync(2, 'x'.repeat(65536)); } catch {}",
    gets: "failed: timeout",
  },
  {
    name: "reply with a wrong number",
    tries: "to answer another request",
    code: () => 'tools.reply(tools.id + 1 + " value 1\\n"); for (;;);',
    gets: "failed: invalid",
  },
  {
    name: "two replies",
    tries: "to answer twice",
    code: () => 'tools.reply(tools.id + " value 1\\n" + tools.id + " value 2\\n"); for (;;);',
    gets: "failed: invalid",
  },
  {
    name: "reply of an unknown kind",
    tries: "to confuse the host by a kind of its own",
    code: reply(" solved 1\n"),
    gets: "failed: invalid",
  },
  {
    name: "reply that is no JSON",
    tries: "to break the parser of the host",
    code: reply(" value {\n"),
    gets: "failed: invalid",
  },
  {
    name: "reply with __proto__",
    tries: "to set the prototype of whoever copies it",
    code: reply(' value {"__pr\\u006fto__":{"x":1}}\n'),
    gets: "failed: invalid",
  },
  {
    name: "reply with a wrong tag",
    tries: "to smuggle in a tagged value of its own",
    code: reply(' tagged [{"@":"eval"}]\n'),
    gets: "failed: invalid",
  },
  {
    name: "deep reply",
    tries: "to overflow the stack of the host",
    code: reply(` tagged ${"[".repeat(1e5)}${"]".repeat(1e5)}\n`),
    gets: "failed: invalid",
  },
  {
    name: "forged failure",
    tries: "to send an error that cannot be read",
    code: reply(" thrown {}\n"),
    gets: "failed: invalid",
  },
  {
    name: "never ready again",
    tries: "to hold up the next candidate",
    code: () => "tools.isEndAnswered = false; return 1;",
    gets: "1",
  },
];
