// SPDX-License-Identifier: Apache-2.0
// What the official SDKs make of replies that policies changed: their helpers fold them, an agent goes on from what they
// folded, and a provider that checks histories has nothing to object to.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Luthiend } from './luthiend.mjs';
import { agents, told, twoTurns } from './sdk_agents.mjs';
import { StrictProvider } from './strict_provider.mjs';

const blocked = { id: 'call_canary', name: 'drop_table', input: { sql: 'DROP TABLE canary_orders', sure: true } };
const allowed = { id: 'call_fine', name: 'read_file', input: { path: '/srv/shop/readme' } };
const notice = '[Tool call `drop_table` was blocked by policy]';
const canary = /call_canary|canary_orders|DROP TABLE/u;

const provider = new StrictProvider();
const blocking = new Luthiend();
const shouting = new Luthiend();

before(async () => {
  await provider.listen();
  const upstreams = Object.fromEntries(['anthropic-messages', 'openai', 'gemini', 'ollama'].map((api) => [api, provider.url]));
  await blocking.start(upstreams, [{ id: 'no-drops', type: 'tool-rules', mode: 'enforce', config: { rules: [{ tool: 'drop_*', do: 'deny' }] } }]);
  await shouting.start(upstreams, [{ id: 'loud', type: 'all-caps', mode: 'enforce' }]);
});

after(async () => {
  const codes = [await blocking.stop(), await shouting.stop()];
  await provider.close();
  assert.deepEqual(codes, [0, 0], blocking.log + shouting.log);
});

/** Asks, goes on from the answer, and returns the answer. */
function ask(agent, luthiend, turn, streamed) {
  provider.play(turn);
  return twoTurns(agent, luthiend.url, 'm', streamed, (said) => assert.match(said, /^all is well\.$/iu));
}

const cases = [
  { name: 'the only call is blocked', turn: { text: 'I drop it.', calls: [blocked] }, texts: ['I drop it.', notice], left: [] },
  { name: 'a call without a text before it is blocked', turn: { text: '', calls: [blocked] }, texts: [notice], left: [] },
  { name: 'the first of two calls is blocked', turn: { text: 'Both.', calls: [blocked, allowed] }, texts: ['Both.', notice], left: [allowed] },
  { name: 'the second of two calls is blocked', turn: { text: 'Both.', calls: [allowed, blocked] }, texts: ['Both.', notice], left: [allowed] },
  { name: 'nothing is blocked', turn: { text: 'Reading.', calls: [allowed] }, texts: ['Reading.'], left: [allowed] },
];

for (const agent of agents) {
  for (const streamed of [true, false]) {
    const form = `${agent.name}, ${streamed ? 'streamed' : 'whole'}`;
    for (const each of cases) {
      test(`${form}: ${each.name}`, async () => {
        const answer = await ask(agent, blocking, each.turn, streamed);
        const said = agent.texts(answer).join('\n');
        for (const text of each.texts) assert.ok(said.includes(text), said);
        assert.deepEqual(agent.calls(answer), told(agent, each.left));
        assert.doesNotMatch(JSON.stringify(answer), canary);
      });
    }

    test(`${form}: text in capitals, calls as they were`, async () => {
      const answer = await ask(agent, shouting, { text: 'Grüße, “straße” and fine.', calls: [allowed] }, streamed);
      assert.equal(agent.texts(answer).join(''), 'GRÜSSE, “STRASSE” AND FINE.');
      assert.deepEqual(agent.calls(answer), told(agent, [allowed]));
    });
  }
}

test('every block is in the record', async () => {
  const blocks = cases.filter(({ turn }) => turn.calls.includes(blocked)).length * agents.length * 2;
  const deadline = performance.now() + 5000; // the store commits a few times a second
  let decisions = [];
  while (decisions.length < blocks && performance.now() < deadline) {
    await delay(50); // the control port answers so many questions a second
    const { items } = await blocking.get('/api/v1/decisions?limit=500');
    decisions = items.filter(({ verdict }) => verdict === 'block'); // not what a stateful provider was told of them
  }
  assert.equal(decisions.length, blocks);
  for (const { policy_id: policy, verdict, mode, tool } of decisions) {
    assert.deepEqual({ policy, verdict, mode, tool }, { policy: 'no-drops', verdict: 'block', mode: 'enforce', tool: 'drop_table' });
  }
});
