// SPDX-License-Identifier: Apache-2.0
// A provider on loopback that plays turns one after the other and refuses, as the real ones do, a history that does not
// hold together: a call without its result, a result without its call, text behind a tool_use, empty texts.

import { createServer } from 'node:http';
import { turns } from './turns.mjs';

/** Throws what a provider would say; `answered` and `called` are ids in the order of the history. */
class History {
  #open = new Set();
  #seen = new Set();

  call(id, input) {
    if (this.#seen.has(id)) throw new Error(`the id ${id} is there twice`);
    if (input === null || typeof input !== 'object') throw new Error(`the input of ${id} is no object`);
    this.#seen.add(id);
    this.#open.add(id);
  }

  result(id) {
    if (!this.#open.delete(id)) throw new Error(`the result ${id} has no call`);
  }

  text(text) {
    if (typeof text !== 'string' || text.trim() === '') throw new Error('a text is empty');
  }

  allAnswered() {
    if (this.#open.size > 0) throw new Error(`the calls ${[...this.#open].join()} have no result`);
  }
}

const checks = {
  messages({ messages }) {
    const history = new History();
    let role;
    for (const message of messages) {
      if (message.role === role) throw new Error('two messages of one role in a row');
      role = message.role;
      const blocks = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
      if (blocks.length === 0) throw new Error('a message has no content');
      let called = false;
      for (const block of blocks) {
        if (block.type === 'tool_use') history.call(block.id, block.input);
        if (block.type === 'tool_result') history.result(block.tool_use_id);
        if (block.type === 'text') history.text(block.text);
        if (block.type === 'text' && called) throw new Error('text stands behind a tool_use');
        called ||= block.type === 'tool_use';
      }
      if (role === 'user') history.allAnswered();
    }
  },
  completions({ messages }) {
    const history = new History();
    for (const message of messages) {
      if (message.role === 'tool') {
        history.result(message.tool_call_id);
        continue;
      }
      history.allAnswered();
      if (!message.tool_calls) history.text(message.content);
      for (const call of message.tool_calls ?? []) history.call(call.id, JSON.parse(call.function.arguments));
    }
    history.allAnswered();
  },
  responses({ input }) {
    const history = new History();
    for (const item of input) {
      if (item.type === 'function_call') history.call(item.call_id, JSON.parse(item.arguments));
      if (item.type === 'function_call_output') history.result(item.call_id);
      if (item.type === 'message') for (const part of item.content) history.text(part.text);
    }
    history.allAnswered();
  },
  generateContent({ contents }) {
    const history = new History();
    for (const { role, parts } of contents) {
      if (parts.length === 0) throw new Error('a content has no parts');
      for (const { text, functionCall: call, functionResponse: response } of parts) {
        if (text) history.text(text); // empty ones are taken
        if (call) history.call(call.id, call.args);
        if (response) history.result(response.id);
      }
      if (role === 'user') history.allAnswered();
    }
  },
  chat({ messages }) {
    const history = new History();
    for (const { role, content, tool_calls: calls = [], tool_name: name } of messages) {
      if (role === 'tool') {
        history.result(name); // there are no ids
        continue;
      }
      history.allAnswered();
      if (calls.length === 0) history.text(content);
      for (const call of calls) history.call(call.function.name, call.function.arguments);
    }
    history.allAnswered();
  },
};
checks.streamGenerateContent = checks.generateContent;

export class StrictProvider {
  #server = createServer((request, response) => this.#serve(request, response));
  /** What the requests since are answered with, one after the other. */
  #turns = [];
  /** What those behind them are answered with. */
  farewell = { text: 'All is well.', calls: [] };

  /** How many requests came since. */
  asked = 0;
  /** What went before, for Responses requests that name a reply. */
  #kept = new Map();

  play(...turnsInOrder) {
    this.#turns = turnsInOrder;
    this.asked = 0;
  }

  async listen() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = JSON.parse(Buffer.concat(parts).toString('utf8'));
    const name = /[a-zA-Z]+$/u.exec(request.url.split('?')[0])[0];
    this.asked += 1;
    if (body.previous_response_id) body.input = [...this.#kept.get(body.previous_response_id), ...body.input];
    try {
      checks[name](body);
    } catch (error) {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message: error.message } }));
      return;
    }
    const turn = { ...(this.#turns[this.asked - 1] ?? this.farewell), id: `resp_${this.#kept.size}` };
    if (name === 'responses') this.#kept.set(turn.id, [...body.input, ...turns[name].whole(turn).output]);
    const streamed = body.stream || name === 'streamGenerateContent';
    const streams = name === 'chat' ? 'application/x-ndjson' : 'text/event-stream';
    response.setHeader('content-type', streamed ? streams : 'application/json');
    response.end(streamed ? turns[name].stream(turn) : JSON.stringify(turns[name].whole(turn)));
  }
}
