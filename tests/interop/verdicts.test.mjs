// SPDX-License-Identifier: Apache-2.0
// Every verdict in every API, as the official SDKs get it: the folded answer is what the policy says, the SDK can go on
// from it with a provider that checks histories, and none of the bytes it read are of what was taken out.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Luthiend } from './luthiend.mjs';
import { agents, told, twoTurns } from './sdk_agents.mjs';
import { StrictProvider } from './strict_provider.mjs';

const drop = { id: 'call_drop', name: 'drop_table', input: { sql: 'DROP TABLE canary_orders', sure: true } };
const read = { id: 'call_fine', name: 'read_file', input: { path: '/srv/shop/readme' } };
const harmless = { ...drop, input: { sql: 'SELECT 1' } };
const notice = '[Tool call `drop_table` was blocked by policy]';
const other = { text: 'Reading instead.', calls: [read] };

// Streams come in pieces of six characters, so these are looked for in pieces, too.
const callInput = /DROP|TABLE|canar|y_orde|sure/u;
const call = new RegExp(`${callInput.source}|call_drop|"drop_table"`, 'u');

const denyDrops = { type: 'tool-rules', config: { rules: [{ tool: 'drop_*', do: 'deny' }] } };
const makeHarmless = `function onToolCall(call) {
  return call.name === 'drop_table' ? luthien.replaceArguments({sql: 'SELECT 1'}) : luthien.allow();
}`;

/** Each policy has the calls of one model, so that one luthiend has them all. `hidden` must not reach the client. */
const cases = [
  { name: 'replace text', policy: { type: 'replace-text', config: { replacements: [{ from: 'canary', to: 'harp' }] } }, verdict: 'replace',
    turn: { text: 'I will sell the canary.', calls: [read] }, text: 'I will sell the harp.', calls: [read], hidden: /canar/u },
  { name: 'replace arguments', policy: { type: 'javascript', config: { timeout: '5s', source: makeHarmless } }, verdict: 'replace',
    turn: { text: 'Both.', calls: [drop, read] }, text: 'Both.', calls: [harmless, read], hidden: callInput },
  { name: 'drop the first of two calls', policy: denyDrops, verdict: 'block',
    turn: { text: 'Both.', calls: [drop, read] }, text: 'Both.', calls: [read], hidden: call, notice },
  { name: 'drop the second of two calls', policy: denyDrops, verdict: 'block',
    turn: { text: 'Both.', calls: [read, drop] }, text: 'Both.', calls: [read], hidden: call, notice },
  { name: 'block all', policy: denyDrops, verdict: 'block', turn: { text: '', calls: [drop] }, text: '', calls: [], hidden: call, notice },
  { name: 'end', policy: { ...denyDrops, on_block: 'end' }, verdict: 'block',
    turn: { text: 'Both.', calls: [drop, read] }, text: 'Both.', calls: [], hidden: new RegExp(`${call.source}|call_fine|read_file`, 'u'), notice },
  { name: 'retry', policy: { ...denyDrops, on_block: 'retry' }, verdict: 'block', again: [other],
    turn: { text: 'I will drop it.', calls: [drop] }, text: other.text, calls: other.calls, hidden: new RegExp(`${call.source}|drop`, 'u') },
];
/** How many calls do not reach the client: what stands behind an end has a verdict of its own. */
const gone = (each) => (each.policy.on_block === 'end' ? each.turn.calls.length : 1);
const modelOf = ({ name }) => name.replaceAll(' ', '-');

/** The bytes of every reply that an SDK reads, on their way to it. */
class Tap {
  #fetch = globalThis.fetch;
  #copies = [];

  open() {
    globalThis.fetch = async (...request) => {
      const reply = await this.#fetch(...request);
      const [one, another] = reply.body.tee();
      this.#copies.push(new Response(another).text());
      return new Response(one, reply);
    };
  }

  close() {
    globalThis.fetch = this.#fetch;
    return Promise.all(this.#copies.splice(0));
  }
}

const provider = new StrictProvider();
const luthiend = new Luthiend();
const tap = new Tap();

before(async () => {
  await provider.listen();
  const upstreams = Object.fromEntries(['anthropic-messages', 'openai', 'gemini', 'ollama'].map((api) => [api, provider.url]));
  await luthiend.start(upstreams, cases.map((each) => ({ id: modelOf(each), mode: 'enforce', scope: { models: [modelOf(each)] }, ...each.policy })));
});

after(async () => {
  const code = await luthiend.stop();
  await provider.close();
  assert.equal(code, 0, luthiend.log);
});

for (const agent of agents) {
  for (const streamed of [true, false]) {
    for (const each of cases) {
      test(`${agent.name}, ${streamed ? 'streamed' : 'whole'}: ${each.name}`, async () => {
        provider.play(each.turn, ...(each.again ?? []));
        tap.open();
        let answer;
        let bytes;
        try {
          answer = await twoTurns(agent, luthiend.url, modelOf(each), streamed, (said) => assert.equal(said, provider.farewell.text));
        } finally {
          bytes = await tap.close();
        }
        const said = agent.texts(answer).join('');
        if (each.notice) assert.ok(said.startsWith(each.text) && said.trimEnd().endsWith(each.notice), said);
        else assert.equal(said, each.text);
        assert.deepEqual(agent.calls(answer), told(agent, each.calls));
        assert.equal(bytes.length, 2);
        assert.doesNotMatch(bytes.join('\n'), each.hidden);
        assert.equal(provider.asked, 2 + (each.again ?? []).length);
      });
    }
  }
}

test('every verdict is in the record', async () => {
  const wanted = Object.fromEntries(cases.map((each) => {
    // A provider that has kept a blocked call is told its result: a decision of its own.
    const outputs = each.notice ? agents.filter(({ isStateful }) => isStateful).length * 2 * gone(each) : 0;
    return [modelOf(each), { [each.verdict]: agents.length * 2 * gone(each), ...(outputs && { replace: outputs }) }];
  }));
  const deadline = performance.now() + 5000; // the store commits a few times a second
  let got = {};
  while (performance.now() < deadline && !isDeepStrictEqual(got, wanted)) {
    await delay(50); // the control port answers so many questions a second
    const { items } = await luthiend.get('/api/v1/decisions?limit=500');
    got = Object.fromEntries(cases.map((each) => [modelOf(each), {}]));
    for (const { policy_id: policy, verdict } of items) got[policy][verdict] = (got[policy][verdict] ?? 0) + 1;
  }
  assert.deepEqual(got, wanted);
});
