// SPDX-License-Identifier: Apache-2.0
// The agents people use, started by `luthiend run` as people start them, against recorded answers.
// Run in a network namespace that has nothing but loopback: see CMakeLists.txt.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Provider } from './provider.mjs';

const agents = [
  { name: 'claude', client: 'claude-code', api: 'anthropic-messages', path: '/v1/messages',
    recording: 'anthropic-messages/text-sonnet46', command: ['claude', '-p', 'hello'] },
  { name: 'codex', client: 'codex', api: 'openai', path: '/v1/responses',
    recording: 'openai-responses/text-gpt55', command: ['codex', 'exec', '--skip-git-repo-check', 'hello'] },
];

const program = join(process.env.LUTHIEN_BIN_DIR, 'luthiend');
const folder = mkdtempSync(join(tmpdir(), 'luthien-agents-'));
const provider = new Provider(Object.fromEntries(agents.map(({ path, recording }) => [path, `recording:${recording}`])));
const config = join(folder, 'config.yaml');
const home = join(folder, 'home');

const environment = {
  PATH: `${process.env.LUTHIEN_AGENTS_DIR}:${process.env.PATH}`, HOME: home, CODEX_HOME: join(home, '.codex'), LANG: 'C.UTF-8',
  ANTHROPIC_API_KEY: 'test-key', OPENAI_API_KEY: 'test-key', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1',
};

async function luthiend(...parameters) {
  const child = spawn(program, parameters, { cwd: home, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => { said.out += text; });
  child.stderr.on('data', (text) => { said.err += text; });
  const [code] = await once(child, 'close');
  return { code, ...said };
}

before(async () => {
  mkdirSync(environment.CODEX_HOME, { recursive: true });
  await provider.listen();
  const rows = agents.map(({ name, api }) => `  - {name: ${name}-api, base_url: "${provider.url}", api: ${api}, credential: passthrough}`);
  writeFileSync(config, `upstreams:\n${rows.join('\n')}\n`);
});

after(async () => {
  await provider.close();
  rmSync(folder, { recursive: true });
});

for (const agent of agents) {
  test(`luthiend run -- ${agent.command.join(' ')} answers with what the provider said`, async () => {
    const data = join(folder, agent.name);
    const run = await luthiend('run', '--data-dir', data, '--config', config, '--', ...agent.command);
    const expected = JSON.parse(readFileSync(new URL(`../data/corpus/${agent.recording}.expected.json`, import.meta.url), 'utf8'));
    assert.equal(run.code, 0, run.err);
    assert.ok(run.out.includes(expected.assembled.text), run.out + run.err);

    const asked = provider.takeRequests().filter((request) => request.path.startsWith(agent.path));
    assert.ok(asked.length > 0, 'the provider was not asked');
    const listed = await luthiend('sessions', '--data-dir', data, '--json');
    const sessions = listed.out.trim().split('\n').map((line) => JSON.parse(line));
    assert.equal(sessions[0].client, agent.client, listed.out);
  });
}
