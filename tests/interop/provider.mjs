// SPDX-License-Identifier: Apache-2.0
// A model provider on loopback that plays recordings and faults. The request's `model` says which:
//   recording:<id>     the recording of tests/data/corpus, in uneven pieces
//   cut:<id>           the first half of it, then the connection ends
//   stall:<id>         the first half of it, then nothing until the other side closes
//   error:<status>     that API's error body with its headers
//   flaky:<id>         429 with Retry-After the first time, then the recording
// Any other model, as a real agent names it, gets the script that `scripts` has for the path.

import { createServer } from 'node:http';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

const corpusFolder = new URL('../data/corpus/', import.meta.url);
const index = JSON.parse(readFileSync(new URL('index.json', corpusFolder), 'utf8'));

/** The recordings of an API of one kind: 'sse' for streams, 'body' for whole replies. */
export function recordings(api, kind) {
  return index.cases.filter((row) => row.api === api && row.kind === kind);
}

function recording(id) {
  const row = index.cases.find((each) => each.id === id);
  return { row, bytes: readFileSync(new URL(row.file, corpusFolder)) };
}

const errors = {
  400: ['invalid_request_error', {}],
  401: ['authentication_error', {}],
  429: ['rate_limit_error', { 'retry-after': '0', 'x-ratelimit-remaining-requests': '0', 'anthropic-ratelimit-requests-remaining': '0' }],
  529: ['overloaded_error', { 'x-should-retry': 'false' }],
};

/** The model a request asks for; Gemini has it in the path. */
function modelOf(path, bytes) {
  const inPath = /\/models\/(.*):[a-zA-Z]+$/.exec(decodeURIComponent(path));
  return inPath ? inPath[1] : JSON.parse(bytes.toString('utf8')).model;
}

const contentTypes = { sse: 'text/event-stream; charset=utf-8', ndjson: 'application/x-ndjson' };

function errorReply(path, status) {
  const [type, headers] = errors[status];
  if (path.startsWith('/api/') || path.startsWith('/v1beta/')) {
    const message = `scripted ${status} — “quoted”`;
    const error = path.startsWith('/api/') ? message : { code: status, message, status: 'UNAVAILABLE' };
    return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ error }) };
  }
  const error = { type, message: `scripted ${status} — “quoted”`, param: null, code: type };
  const body = path.startsWith('/v1/messages') ? { type: 'error', error, request_id: 'req_scripted' } : { error };
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** Cuts bytes at uneven places that are the same in every run, also inside UTF-8 sequences and line ends. */
function* pieces(bytes) {
  for (let start = 0, size = 1; start < bytes.length; start += size) {
    size = 1 + ((start * 31 + 17) % 997);
    yield bytes.subarray(start, start + size);
  }
}

function requestHeaders(request) {
  const headers = { ...request.headers };
  // What a proxy sets for its own connection.
  for (const name of ['host', 'connection', 'accept-encoding', 'content-length', 'transfer-encoding', 'keep-alive']) {
    delete headers[name];
  }
  return headers;
}

export class Provider {
  #server = createServer((request, response) => this.#serve(request, response));
  #waiting = new Set();
  #scripts;
  #refusedOnce = new Set();
  /** What arrived, in order: {method, path, headers, sha256}. */
  requests = [];

  constructor(scripts = {}) {
    this.#scripts = scripts;
  }

  async listen() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Resolves with the time at which the next stalled reply's connection was closed by the other side. */
  nextClose() {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  takeRequests() {
    return this.requests.splice(0);
  }

  async #serve(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const bytes = Buffer.concat(parts);
    this.requests.push({
      method: request.method,
      path: request.url,
      headers: requestHeaders(request),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    response.on('error', () => {}); // the other side may go at any time, that is what some scripts are for
    const headers = { 'request-id': 'req_scripted', 'x-request-id': 'req_scripted' };
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method === 'GET') return this.#json(response, { object: 'list', data: [{ id: 'model-1', object: 'model' }], has_more: false });
    if (request.method === 'HEAD') return response.end();
    const path = request.url.split('?')[0];
    await this.#play(path, this.#scripts[path] ?? modelOf(path, bytes), response);
  }

  #json(response, body) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body));
  }

  async #play(path, model, response) {
    const separator = model.indexOf(':');
    const [action, id] = [model.slice(0, separator), model.slice(separator + 1)];
    if (action === 'count') return this.#json(response, { input_tokens: 42 });
    if (action === 'error' || (action === 'flaky' && this.#firstTime(id))) {
      const reply = errorReply(path, action === 'error' ? Number(id) : 429);
      response.writeHead(reply.status, reply.headers).end(reply.body);
      return;
    }
    const { row, bytes } = recording(id);
    response.statusCode = row.status ?? 200;
    response.setHeader('content-type', contentTypes[row.kind] ?? 'application/json');
    if (action === 'stall') this.#reportClose(response);
    const whole = action === 'recording' || action === 'flaky';
    await this.#write(response, whole ? bytes : bytes.subarray(0, bytes.length / 2));
    if (action === 'cut') response.socket?.destroySoon(); // not a reset: that would let the reader lose what had arrived
    else if (whole) response.end();
  }

  #firstTime(id) {
    if (this.#refusedOnce.delete(id)) return false;
    this.#refusedOnce.add(id);
    return true;
  }

  async #write(response, bytes) {
    for (const piece of pieces(bytes)) {
      if (response.destroyed) return;
      if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
      await nextTurn();
    }
  }

  #reportClose(response) {
    response.once('close', () => {
      for (const resolve of this.#waiting) resolve(performance.now());
      this.#waiting.clear();
    });
  }
}
