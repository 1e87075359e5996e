// SPDX-License-Identifier: Apache-2.0
// Calls through the official SDKs, each told as a plain value that two runs can be compared by.

import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText } from 'ai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';

const keptHeaders = ['content-type', 'retry-after', 'request-id', 'x-request-id', 'x-should-retry',
  'x-ratelimit-remaining-requests', 'anthropic-ratelimit-requests-remaining'];

function plain(value) {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function failure(error) {
  const headers = {};
  for (const name of keptHeaders) headers[name] = error.headers?.get?.(name) ?? undefined;
  return { name: error.constructor.name, status: error.status ?? error.status_code ?? error.statusCode, message: error.message, body: plain(error.error),
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
    for await (const event of await stream) events.push(plain(event));
  });
  return { events, readError: read.error, final: await outcome(() => final(stream, events)) };
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

/** Chunks without the HTTP headers that the SDK keeps in each of them. */
async function* chunksOf(reply) {
  for await (const { sdkHttpResponse, ...chunk } of await reply) yield chunk;
}

/** Has no fold of its own: what people do with the chunks. */
const gemini = {
  api: 'gemini',
  client: (url) => new GoogleGenAI({ apiKey: 'test-key', httpOptions: { baseUrl: url } }),
  body: (model, signal) => ({ model, contents: 'What is the weather in Zürich? 🌦', config: { abortSignal: signal } }),
  whole: (client, model) => client.models.generateContent(gemini.body(model)),
  reply: async (promise) => {
    const { sdkHttpResponse, ...data } = await promise;
    return { data, status: 200 };
  },
  stream: (client, model) => chunksOf(client.models.generateContentStream(gemini.body(model))),
  raw: (client, model, options) => chunksOf(client.models.generateContentStream(gemini.body(model, options?.signal))),
  final: (_, events) => events.flatMap((event) => event.candidates?.[0]?.content?.parts ?? []),
  extra: (client) => [() => client.models.countTokens({ model: 'count:', contents: 'Hi' })],
  sample: 'gemini/stream-partial-args',
};

const ollama = {
  api: 'ollama',
  streams: 'ndjson',
  client: (url) => new Ollama({ host: url }),
  whole: (client, model) => client.chat({ model, messages: question }),
  reply: async (promise) => ({ data: await promise, status: 200 }),
  stream: (client, model) => (model.endsWith('/chat-stream')
    ? client.chat({ model, messages: question, stream: true })
    : client.generate({ model, prompt: 'Tell me a joke', stream: true })),
  raw: async (client, model, options) => {
    const reading = await client.chat({ model, messages: question, stream: true });
    options?.signal.addEventListener('abort', () => reading.abort());
    return reading;
  },
  final: (_, events) => events.map((event) => event.message?.content ?? event.response).join(''),
  extra: () => [],
  sample: 'ollama/chat-stream',
};

export const apis = [anthropic, chat, responses, gemini, ollama];

const aiModels = {
  gemini: (url, model) => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: 'test-key' })(`models/${model}`),
  'openai-chat': (url, model) => createOpenAICompatible({ name: 'provider', baseURL: `${url}/v1`, apiKey: 'test-key' })(model),
};

/** The APIs that the AI SDK is tried with. */
export const aiApis = Object.keys(aiModels);

/** What the AI SDK makes of a stream. Ids and times that it makes up itself are left out. */
export async function aiStream(api, url, model) {
  const result = streamText({ model: aiModels[api](url, model), prompt: 'Hi', maxRetries: 0, onError() {} });
  const parts = [];
  for await (const part of result.fullStream) {
    const { id, toolCallId, request, response, error, ...rest } = part;
    parts.push(plain(error ? { ...rest, error: error.message } : rest));
  }
  return parts;
}

export function aiWhole(api, url, model) {
  return outcome(async () => {
    const { text, reasoningText, toolCalls, finishReason, usage } =
      await generateText({ model: aiModels[api](url, model), prompt: 'Hi', maxRetries: 0 });
    return { text, reasoningText, finishReason, usage, toolCalls: toolCalls.map(({ toolName, input }) => ({ toolName, input })) };
  });
}

export function whole(api, url, model, options) {
  return outcome(() => (api.reply ?? wholeReply)(api.whole(api.client(url, options), model)));
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
  for (const call of api.extra(api.client(url))) results.push(await outcome(() => (api.reply ?? wholeReply)(call())));
  return results;
}

/** Reads until the stream has said something, then aborts; tells when. */
export async function abortEarly(api, url, model) {
  const controller = new AbortController();
  const reading = await api.raw(api.client(url), model, { signal: controller.signal });
  let abortedAt;
  const events = [];
  try {
    for await (const event of reading) {
      events.push(plain(event));
      abortedAt ??= performance.now();
      controller.abort();
    }
  } catch (error) {
    if (error.name !== 'AbortError') throw error; // some SDKs end quietly, some say it
  }
  return { abortedAt, first: events[0] };
}
