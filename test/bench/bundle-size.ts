// Builds the production bundle and holds its gzip size against Cloudflare's limit.
import { buildBundle, measureBundle } from "./bundle.ts";

/** Workers Paid, compressed; https://developers.cloudflare.com/workers/platform/limits/#worker-size */
const LIMIT_MB = 10;

const toMb = (bytes: number): string => (bytes / 1e6).toFixed(2);

await buildBundle();
const files = measureBundle();
for (const { name, bytes, gzip } of files) {
  console.log(`${name}: ${toMb(bytes)} MB, gzip ${toMb(gzip)} MB`);
}
const total = files.reduce((sum, file) => sum + file.gzip, 0);
console.log(`bundle: gzip ${toMb(total)} of ${LIMIT_MB} MB`);
if (files.length === 0 || total > LIMIT_MB * 1e6) process.exitCode = 1;
