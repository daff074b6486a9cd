// The rows of a local Parquet file, some at a time, whatever it is compressed with.
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { explainReadError } from "./text-file.ts";

/** Rows held at once, at most; a group may have millions. */
const STEP = 20_000;

/** @param columns only these */
export async function* readParquetRows(
  path: string,
  columns?: string[],
): AsyncGenerator<Record<string, unknown>> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const total = Number(metadata.num_rows);
    for (let rowStart = 0; rowStart < total; rowStart += STEP) {
      const rowEnd = Math.min(total, rowStart + STEP);
      yield* await parquetReadObjects({ file, metadata, compressors, columns, rowStart, rowEnd });
    }
  } catch (error) {
    throw explainReadError(path, error);
  }
}
