// The production bundle in a process of its own, over a folder that outlives it: to be killed. Prints its URL.
import { openBenchWorker } from "../bench/miniflare-worker.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Name the folder for its state.");
const worker = await openBenchWorker(false, folder);
console.log(worker.url);
