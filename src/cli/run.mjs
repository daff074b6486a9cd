// Runs a program of the project on the Node that is installed beside it, whatever Node called this file: machines come with
// older ones. Plain JavaScript, since those read no TypeScript.
//
// node src/cli/run.mjs <module or command> [arguments]
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = path.resolve(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  "../..",
);
const MODULES = path.join(ROOT, "node_modules");
/** The first Node that takes all that the project is written in. */
const WANTED = 24;

/** npm installs the one package of these that fits the machine; where none does, the Node that is here must do. */
function findNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const file = platform === "win" ? "bin/node.exe" : "bin/node";
  return ["node", "node-bin"]
    .map((prefix) => path.join(MODULES, `${prefix}-${platform}-${process.arch}`, file))
    .find((binary) => existsSync(binary));
}

function runApart(program, args) {
  const node = findNode() ?? process.execPath;
  const folders = [path.dirname(node), path.join(MODULES, ".bin"), process.env.PATH];
  const options = {
    stdio: "inherit",
    env: { ...process.env, PATH: folders.join(path.delimiter) },
  };
  const child = isModule(program)
    ? spawn(node, [program, ...args], options)
    : spawn(program, args, { ...options, shell: process.platform === "win32" });
  // A terminal sends Ctrl-C to both; a second one would make the program give up what it is about to keep.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", ({ message }) => {
    console.error(message);
    process.exitCode = 127;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
  });
}

const isModule = (program) => /\.m?[jt]s$/.test(program);

const [program, ...args] = process.argv.slice(2);
if (program === undefined) {
  console.error("Say what to run: a module or a command.");
  process.exitCode = 2;
} else if (isModule(program) && Number.parseInt(process.versions.node, 10) >= WANTED) {
  const file = path.resolve(program);
  process.argv.splice(1, 2, file);
  await import(pathToFileURL(file).href);
} else {
  runApart(program, args);
}
