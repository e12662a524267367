// A real S3-compatible store that keeps objects in a folder of its own, for tests. Needs from npm:
// s3rver.
//
//   node tests/peers/s3-store.mjs          prints one line when ready:  s3 127.0.0.1:PORT
//
// Bucket "youcheng"; key and secret are both "S3RVER".
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";

const directory = mkdtempSync(join(tmpdir(), "youcheng-s3-"));
const store = new S3rver({
  address: "127.0.0.1",
  port: 0,
  silent: true,
  directory,
  configureBuckets: [{ name: "youcheng" }],
});
const { port } = await store.run();
console.log(`s3 127.0.0.1:${port}`);

async function end() {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
  process.exit(0);
}
process.on("SIGTERM", end);
process.on("SIGINT", end);
if (process.env.PEER_STOPS_WITH_STDIN) process.stdin.resume().on("end", end);
