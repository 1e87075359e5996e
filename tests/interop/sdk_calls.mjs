// SPDX-License-Identifier: Apache-2.0
// Calls through the official SDKs, each told as a plain value that two runs can be compared by.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const keptHeaders = ['content-type', 'retry-after', 'request-id', 'x-request-id', 'x-should-retry',
  'x-ratelimit-remaining-requests', 'anthropic-ratelimit-requests-remaining'];

function plain(value) {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function failure(error) {
  const headers = {};
  for (const name of keptHeaders) headers[name] = error.headers?.get?.(name) ?? undefined;
  return { name: error.constructor.name, status: error.status, message: error.message, body: plain(error.error),
    requestId: error.requestID ?? undefined, headers: plain(headers) };
}

/** Runs `call` and tells how it ended. */
async function outcome(call) {
  try {
    return { value: plain(await call()) };
  } catch (error) {
    return { error: failure(error) };
  }
}

async function wholeReply(promise) {
  const { data, response } = await promise.withResponse();
  const headers = {};
  for (const name of keptHeaders) headers[name] = response.headers.get(name) ?? undefined;
  return { data, status: response.status, headers };
}

/** Reads a helper's stream to its end: each event as it came, then the folded result or what the helper threw. */
async function readStream(stream, final) {
  const events = [];
  const read = await outcome(async () => {
    for await (const event of stream) events.push(plain(event));
  });
  return { events, readError: read.error, final: await outcome(() => final(stream)) };
}

const question = [{ role: 'user', content: 'What is the weather in Zürich? 🌦' }];

const anthropic = {
  api: 'anthropic-messages',
  client: (url, options) => new Anthropic({ baseURL: url, apiKey: 'test-key', maxRetries: 0, ...options }),
  body: (model) => ({ model, max_tokens: 100, messages: question }),
  whole: (client, model) => client.messages.create(anthropic.body(model)),
  stream: (client, model) => client.messages.stream(anthropic.body(model)),
  raw: (client, model, options) => client.messages.create({ ...anthropic.body(model), stream: true }, options),
  final: (stream) => stream.finalMessage(),
  extra: (client) => [() => client.models.list(), () => client.messages.countTokens({ model: 'count:', messages: question })],
};

const chat = {
  api: 'openai-chat',
  client: (url, options) => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'test-key', maxRetries: 0, ...options }),
  body: (model) => ({ model, messages: question }),
  whole: (client, model) => client.chat.completions.create(chat.body(model)),
  stream: (client, model) => client.chat.completions.stream({ ...chat.body(model), stream_options: { include_usage: true } }),
  raw: (client, model, options) => client.chat.completions.create({ ...chat.body(model), stream: true }, options),
  final: (stream) => stream.finalChatCompletion(),
  extra: (client) => [() => client.models.list()],
};

const responses = {
  api: 'openai-responses',
  client: chat.client,
  body: (model) => ({ model, input: question }),
  whole: (client, model) => client.responses.create(responses.body(model)),
  stream: (client, model) => client.responses.stream(responses.body(model)),
  raw: (client, model, options) => client.responses.create({ ...responses.body(model), stream: true }, options),
  final: (stream) => stream.finalResponse(),
  extra: () => [],
};

export const apis = [anthropic, chat, responses];

export function whole(api, url, model, options) {
  return outcome(() => wholeReply(api.whole(api.client(url, options), model)));
}

export function stream(api, url, model) {
  return readStream(api.stream(api.client(url), model), api.final);
}

/** The events of a stream that fails on its way, and how the SDK says so. */
export async function brokenStream(api, url, model) {
  const events = [];
  const read = await outcome(async () => {
    for await (const event of await api.raw(api.client(url), model)) events.push(plain(event));
  });
  return { events, error: read.error };
}

export async function extras(api, url) {
  const results = [];
  for (const call of api.extra(api.client(url))) results.push(await outcome(() => wholeReply(call())));
  return results;
}

/** Reads until the stream has said something, then aborts; tells when. */
export async function abortEarly(api, url, model) {
  const controller = new AbortController();
  const reading = await api.raw(api.client(url), model, { signal: controller.signal });
  let abortedAt;
  const events = [];
  for await (const event of reading) {
    events.push(plain(event));
    abortedAt ??= performance.now();
    controller.abort();
  }
  return { abortedAt, first: events[0] };
}
