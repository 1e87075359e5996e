// SPDX-License-Identifier: Apache-2.0
// A luthiend of the build under test, on free ports, with a data directory of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export class Luthiend {
  #folder = mkdtempSync(join(tmpdir(), 'luthien-interop-'));
  #process;
  #exit;
  log = '';

  /** `upstreams` maps an api of the configuration to a base URL; `policies` are as the configuration has them. */
  async start(upstreams, policies = []) {
    const config = join(this.#folder, 'config.yaml');
    const rows = Object.entries(upstreams).map(([api, url]) => `  - {name: ${api.split('-')[0]}, base_url: "${url}", api: ${api}, credential: passthrough}`);
    writeFileSync(config, `upstreams:\n${rows.join('\n')}\npolicies: ${JSON.stringify(policies)}\n`);
    const program = join(process.env.LUTHIEN_BIN_DIR, 'luthiend');
    this.#process = spawn(program, ['serve', '--data-dir', join(this.#folder, 'data'), '--config', config,
      '--listen', '127.0.0.1:0', '--control', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exit = once(this.#process, 'exit');
    this.#process.stderr.on('data', (text) => { this.log += text; });
    const lines = createInterface({ input: this.#process.stdout });
    const ended = this.#exit.then(([code]) => { throw new Error(`luthiend ended with ${code}: ${this.log}`); });
    const [line] = await Promise.race([once(lines, 'line'), ended]);
    const ready = JSON.parse(line);
    this.url = ready.proxy;
    this.control = ready.control;
    this.token = readFileSync(ready.token_file, 'utf8').trim();
  }

  async get(path) {
    const answer = await fetch(`${this.control}${path}`, { headers: { authorization: `Bearer ${this.token}` } });
    return answer.json();
  }

  /** Asks it to stop as a service manager does; resolves with the exit code, or with the error if it could not be run. */
  async stop() {
    this.#process.kill('SIGTERM');
    const [code] = await this.#exit.catch((error) => [error.message]);
    rmSync(this.#folder, { recursive: true });
    return code;
  }
}
