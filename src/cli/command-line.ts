// What the command lines share: number options, and an end in one sentence instead of a stack trace.
import { InvalidArgumentError } from "commander";

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("Not a whole number.");
  return value;
}

/** For an option that is a number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("Give a number above 0.");
  return value;
}

/** ISO 8601, in ms. */
export function readTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError("Give a time such as 2015-09-15T00:00Z.");
  return time;
}

/** Sets the exit code to what the command returns. An error is told by its message; DEBUG=1 shows where it came from. */
export async function runCommand(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    const told =
      error instanceof Error && process.env["DEBUG"] === undefined ? error.message : error;
    console.error(told);
    process.exitCode = 1;
  }
}
