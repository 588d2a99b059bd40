/** Asks a GGUF file once, as a program would that does nothing else. */
import { gguf } from "../../../src/llm/llama-cpp.ts";

const [path = ""] = process.argv.slice(2);
const model = gguf(path, { threads: 1, gpu: false });
const { text } = await model.generate({ messages: [{ role: "user", text: "go\n" }] });
await model.close?.();
process.stdout.write(`${text}\n`);
