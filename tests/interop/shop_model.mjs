// SPDX-License-Identifier: Apache-2.0
// A model on loopback that wants one thing: to run one shell command through whatever tool the agent offers for that.
// Once it has a tool's result it says that it is done. Speaks Messages and Responses, streamed, as agents ask.

import { createServer } from 'node:http';

/** What each agent's shell is given, by the name of the tool. */
const shells = {
  Bash: (command) => ({ command, description: 'Tidy the shop' }),
  exec_command: (command) => ({ cmd: command }),
  exec: (command) => `text(await tools.exec_command(${JSON.stringify({ cmd: command })}));`, // Codex's tool for JavaScript
};

const stream = (events) => events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

/** An argument in pieces, as models write it. */
const pieces = (text) => text.match(/.{1,7}/gsu) ?? [];

function message(model, block, deltas, stopReason) {
  const usage = { input_tokens: 12, output_tokens: 34 };
  return stream([
    { type: 'message_start', message: { id: 'msg_shop', type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null, usage } },
    { type: 'content_block_start', index: 0, content_block: block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index: 0, delta })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: stopReason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ]);
}

/** The tools of a request, those that Codex sends inside its input and in name spaces too. */
function toolsOf(body) {
  const added = (Array.isArray(body.input) ? body.input : []).filter(({ type }) => type === 'additional_tools');
  const flat = (tools) => (tools ?? []).flatMap((tool) => [tool, ...flat(tool.tools)]);
  return flat([body, ...added]);
}

const messages = {
  hasResult: (body) => body.messages.some(({ content }) => Array.isArray(content) && content.some(({ type }) => type === 'tool_result')),
  say: (body, text) => message(body.model, { type: 'text', text: '' }, pieces(text).map((piece) => ({ type: 'text_delta', text: piece })), 'end_turn'),
  call: (body, name, input) => message(body.model, { type: 'tool_use', id: 'toolu_shop', name, input: {} },
    pieces(JSON.stringify(input)).map((piece) => ({ type: 'input_json_delta', partial_json: piece })), 'tool_use'),
};

function response(model, item, steps) {
  const whole = { id: 'resp_shop', object: 'response', created_at: 1, model, status: 'in_progress', output: [], parallel_tool_calls: true, tools: [] };
  const usage = { input_tokens: 12, input_tokens_details: { cached_tokens: 0 }, output_tokens: 34, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 46 };
  const events = [
    { type: 'response.created', response: whole },
    { type: 'response.in_progress', response: whole },
    { type: 'response.output_item.added', output_index: 0, item: item('in_progress') },
    ...steps,
    { type: 'response.output_item.done', output_index: 0, item: item('completed') },
    { type: 'response.completed', response: { ...whole, status: 'completed', output: [item('completed')], usage } },
  ];
  return stream(events.map((event, index) => ({ ...event, sequence_number: index })));
}

const responses = {
  hasResult: (body) => body.input.some(({ type }) => /^(function|custom_tool)_call_output$/u.test(type)),
  say(body, text) {
    const place = { item_id: 'msg_shop', output_index: 0, content_index: 0 };
    const part = (said) => ({ type: 'output_text', text: said, annotations: [] });
    const item = (status) => ({ id: 'msg_shop', type: 'message', role: 'assistant', status, content: status === 'completed' ? [part(text)] : [] });
    return response(body.model, item, [
      { type: 'response.content_part.added', ...place, part: part('') },
      ...pieces(text).map((delta) => ({ type: 'response.output_text.delta', ...place, delta })),
      { type: 'response.output_text.done', ...place, text },
      { type: 'response.content_part.done', ...place, part: part(text) },
    ]);
  },
  call(body, name, input) {
    // A function's arguments are JSON, a custom tool's input is any text.
    const [kind, steps, member] = typeof input === 'string'
      ? ['custom_tool_call', 'response.custom_tool_call_input', 'input'] : ['function_call', 'response.function_call_arguments', 'arguments'];
    const written = typeof input === 'string' ? input : JSON.stringify(input);
    const place = { item_id: 'call_item', output_index: 0 };
    const item = (status) => ({ id: 'call_item', type: kind, call_id: 'call_shop', name, [member]: status === 'completed' ? written : '', status });
    return response(body.model, item, [
      ...pieces(written).map((delta) => ({ type: `${steps}.delta`, ...place, delta })),
      { type: `${steps}.done`, ...place, [member]: written },
    ]);
  },
};

const apis = { '/v1/messages': messages, '/v1/responses': responses };

export class ShopModel {
  #server = createServer((request, reply) => this.#serve(request, reply));
  /** How often the model asked for the command, and how often it was told what came of it. */
  calls = 0;
  results = 0;

  /** What the model wants to run; set before it is asked. */
  command = '';

  /** `farewell` is what it says when it has a result. */
  constructor({ farewell }) {
    this.farewell = farewell;
  }

  async listen() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request, reply) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const api = apis[request.url.split('?')[0]];
    if (request.method !== 'POST' || !api) return reply.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    const body = JSON.parse(Buffer.concat(parts).toString('utf8'));
    reply.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).end(this.#answer(api, body));
  }

  #answer(api, body) {
    const shell = toolsOf(body).map(({ name }) => name).find((name) => name in shells);
    if (api.hasResult(body)) {
      this.results += 1;
      return api.say(body, this.farewell);
    }
    if (!shell) return api.say(body, 'A shop.'); // titles and the like
    this.calls += 1;
    return api.call(body, shell, shells[shell](this.command));
  }
}
