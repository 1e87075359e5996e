// SPDX-License-Identifier: Apache-2.0
// What the official SDKs make of replies that policies changed: their helpers fold them, an agent goes on from what they
// folded, and a provider that checks histories has nothing to object to.

import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { after, before, test } from 'node:test';
import { Luthiend } from './luthiend.mjs';
import { StrictProvider } from './strict_provider.mjs';

const blocked = { id: 'call_canary', name: 'drop_table', input: { sql: 'DROP TABLE canary_orders', sure: true } };
const allowed = { id: 'call_fine', name: 'read_file', input: { path: '/srv/shop/readme' } };
const notice = '[Tool call `drop_table` was blocked by policy]';
const canary = /call_canary|canary_orders|DROP TABLE/u;
const question = 'Clean the shop up, please.';
const remark = 'And then?';
const result = 'done';

const provider = new StrictProvider();
const blocking = new Luthiend();
const shouting = new Luthiend();

before(async () => {
  await provider.listen();
  const upstreams = { 'anthropic-messages': provider.url, openai: provider.url };
  await blocking.start(upstreams, [{ id: 'no-drops', type: 'tool-rules', mode: 'enforce', config: { rules: [{ tool: 'drop_*', do: 'deny' }] } }]);
  await shouting.start(upstreams, [{ id: 'loud', type: 'all-caps', mode: 'enforce' }]);
});

after(async () => {
  const codes = [await blocking.stop(), await shouting.stop()];
  await provider.close();
  assert.deepEqual(codes, [0, 0], blocking.log + shouting.log);
});

const anthropic = {
  name: 'anthropic',
  client: (url) => new Anthropic({ baseURL: url, apiKey: 'test-key', maxRetries: 0 }),
  ask(client, history, streamed) {
    const body = { model: 'm', max_tokens: 100, messages: history };
    return streamed ? client.messages.stream(body).finalMessage() : client.messages.create(body);
  },
  texts: (message) => message.content.filter(({ type }) => type === 'text').map(({ text }) => text),
  calls: (message) => message.content.filter(({ type }) => type === 'tool_use').map(({ id, name, input }) => ({ id, name, input })),
  first: [{ role: 'user', content: question }],
  /** An agent runs calls when the stop reason says so. */
  next(message) {
    const results = anthropic.calls(message).map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: result }));
    return [{ role: 'assistant', content: message.content }, { role: 'user', content: message.stop_reason === 'tool_use' ? results : remark }];
  },
};

const chat = {
  name: 'chat',
  client: (url) => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'test-key', maxRetries: 0 }),
  ask(client, history, streamed) {
    const body = { model: 'm', messages: history };
    return streamed ? client.chat.completions.stream(body).finalChatCompletion() : client.chat.completions.create(body);
  },
  texts: (completion) => [completion.choices[0].message.content].filter(Boolean),
  calls: (completion) => (completion.choices[0].message.tool_calls ?? []).map((call) => ({ id: call.id, name: call.function.name,
    input: JSON.parse(call.function.arguments) })),
  first: [{ role: 'user', content: question }],
  next(completion) {
    const { message, finish_reason: reason } = completion.choices[0];
    const results = (message.tool_calls ?? []).map(({ id }) => ({ role: 'tool', tool_call_id: id, content: result }));
    return [message, ...(reason === 'tool_calls' ? results : [{ role: 'user', content: remark }])];
  },
};

const responses = {
  name: 'responses',
  client: chat.client,
  ask(client, history, streamed) {
    const body = { model: 'm', input: history };
    return streamed ? client.responses.stream(body).finalResponse() : client.responses.create(body);
  },
  texts: (response) => response.output.filter(({ type }) => type === 'message').flatMap(({ content }) => content.map(({ text }) => text)),
  calls: (response) => response.output.filter(({ type }) => type === 'function_call').map((call) => ({ id: call.call_id, name: call.name,
    input: JSON.parse(call.arguments) })),
  first: [{ role: 'user', content: question }],
  next(response) {
    const results = responses.calls(response).map(({ id }) => ({ type: 'function_call_output', call_id: id, output: result }));
    return [...response.output, ...(results.length > 0 ? results : [{ role: 'user', content: remark }])];
  },
};

/** Asks, goes on from the answer, and returns the answer. */
async function twoTurns(api, luthiend, turn, streamed) {
  provider.turn = turn;
  const client = api.client(luthiend.url);
  const answer = await api.ask(client, api.first, streamed);
  const last = await api.ask(client, [...api.first, ...api.next(answer)], streamed);
  assert.match(api.texts(last).join('\n'), /^all is well\.$/iu);
  return answer;
}

const cases = [
  { name: 'the only call is blocked', turn: { text: 'I drop it.', calls: [blocked] }, texts: ['I drop it.', notice], left: [] },
  { name: 'a call without a text before it is blocked', turn: { text: '', calls: [blocked] }, texts: [notice], left: [] },
  { name: 'the first of two calls is blocked', turn: { text: 'Both.', calls: [blocked, allowed] }, texts: ['Both.', notice], left: [allowed] },
  { name: 'the second of two calls is blocked', turn: { text: 'Both.', calls: [allowed, blocked] }, texts: ['Both.', notice], left: [allowed] },
  { name: 'nothing is blocked', turn: { text: 'Reading.', calls: [allowed] }, texts: ['Reading.'], left: [allowed] },
];

for (const api of [anthropic, chat, responses]) {
  for (const streamed of [true, false]) {
    const form = `${api.name}, ${streamed ? 'streamed' : 'whole'}`;
    for (const each of cases) {
      test(`${form}: ${each.name}`, async () => {
        const answer = await twoTurns(api, blocking, each.turn, streamed);
        const said = api.texts(answer).join('\n');
        for (const text of each.texts) assert.ok(said.includes(text), said);
        assert.deepEqual(api.calls(answer), each.left);
        assert.doesNotMatch(JSON.stringify(answer), canary);
      });
    }

    test(`${form}: text in capitals, calls as they were`, async () => {
      const answer = await twoTurns(api, shouting, { text: 'Grüße, “straße” and fine.', calls: [allowed] }, streamed);
      assert.equal(api.texts(answer).join(''), 'GRÜSSE, “STRASSE” AND FINE.');
      assert.deepEqual(api.calls(answer), [allowed]);
    });
  }
}

test('every block is in the record', async () => {
  const blocks = cases.filter(({ turn }) => turn.calls.includes(blocked)).length * 6;
  const deadline = performance.now() + 5000; // the store commits a few times a second
  let decisions = [];
  while (decisions.length < blocks && performance.now() < deadline) decisions = (await blocking.get('/api/v1/decisions?limit=500')).items;
  assert.equal(decisions.length, blocks);
  for (const { policy_id: policy, verdict, mode, tool } of decisions) {
    assert.deepEqual({ policy, verdict, mode, tool }, { policy: 'no-drops', verdict: 'block', mode: 'enforce', tool: 'drop_table' });
  }
});
