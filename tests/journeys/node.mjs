// A demo node for tests: the real program on a free port, in a folder of its own that goes with it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = process.env.YOUCHENG_PROGRAM || resolve(import.meta.dirname, '../../target/debug/youcheng');

/** Starts it and waits until it answers. */
export async function startNode({ program = PROGRAM, patience = 120_000 } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'youcheng-journey-'));
  // Every answer would be a line between the tests' own.
  const env = { YOUCHENG_LOGS__FILTER: 'warn', ...process.env };
  const child = spawn(program, ['demo', '--port', '0', '--data', data], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(([code]) => code, (fault) => fault.message);
  let over = false;
  ended.then(() => { over = true; });

  /** What stands behind these words in the first line that starts with them; waits for it. */
  async function after(words, time) {
    const until = Date.now() + time;
    for (;;) {
      const line = lines.find((one) => one.startsWith(`${words} `));
      if (line) return line.slice(words.length + 1).trim();
      if (over) throw new Error(`${program} demo ended (${await ended}) without a line "${words} ..."`);
      if (Date.now() > until) throw new Error(`${program} demo gave no line "${words} ..." within ${time / 1000} s`);
      await new Promise((done) => { setTimeout(done, 25); });
    }
  }

  async function stop() {
    child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), 8_000);
    await ended;
    clearTimeout(forced);
    rmSync(data, { recursive: true, force: true });
  }

  try {
    const url = await after('ready', patience);
    return {
      url,
      data,
      stop,
      signInUrl: (role) => after(`sign-in ${role}`, 10_000),
      token: (role) => after(`token ${role}`, 10_000),
      /** By how many days its clock was moved on; journeys that share the node reckon from there. */
      daysOn: 0,
    };
  } catch (fault) {
    await stop();
    throw fault;
  }
}
