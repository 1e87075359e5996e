// SPDX-License-Identifier: Apache-2.0
// Agents as people write them with the official SDKs: ask with a history, take the texts and the calls from what the SDK
// folded, and go on with a history that is longer by it and by what came of it.

import Anthropic from '@anthropic-ai/sdk';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { GoogleGenAI } from '@google/genai';
import { generateText, jsonSchema, streamText, tool } from 'ai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';

const question = 'Clean the shop up, please.';
const remark = 'And then?';
const result = 'done';

const anthropic = {
  name: 'anthropic',
  client: (url) => new Anthropic({ baseURL: url, apiKey: 'test-key', maxRetries: 0 }),
  ask(client, model, history, streamed) {
    const body = { model, max_tokens: 100, messages: history };
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
  ask(client, model, history, streamed) {
    const body = { model, messages: history };
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
  ask(client, model, history, streamed) {
    const body = { model, input: history };
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

/** Names the reply it goes on from; the provider has kept it, with what was blocked in it. */
const stateful = {
  ...responses,
  name: 'responses by id',
  isStateful: true,
  ask(client, model, history, streamed) {
    const body = { model, input: history.slice(-1).flatMap(({ input, ...item }) => input ?? [item]), previous_response_id: history.at(-1).previous };
    return streamed ? client.responses.stream(body).finalResponse() : client.responses.create(body);
  },
  next: (response) => [{ previous: response.id, input: responses.next(response).slice(response.output.length) }],
};

const gemini = {
  name: 'gemini',
  client: (url) => new GoogleGenAI({ apiKey: 'test-key', httpOptions: { baseUrl: url } }),
  /** The SDK's own chat keeps the history; what it added is the answer's part of it. */
  async ask(client, model, history, streamed) {
    const talk = client.chats.create({ model, history: history.slice(0, -1) });
    const message = history.at(-1).parts;
    const chunks = [];
    if (streamed) for await (const chunk of await talk.sendMessageStream({ message })) chunks.push(chunk);
    else chunks.push(await talk.sendMessage({ message }));
    return { chunks: chunks.map(({ text, functionCalls }) => ({ text, functionCalls })),
      contents: talk.getHistory(true).slice(history.length) };
  },
  texts: ({ chunks }) => [chunks.map(({ text }) => text ?? '').join('')],
  calls: ({ chunks }) => chunks.flatMap(({ functionCalls }) => functionCalls ?? []).map(({ id, name, args }) => ({ id, name, input: args })),
  first: [{ role: 'user', parts: [{ text: question }] }],
  next(answer) {
    const results = gemini.calls(answer).map(({ id, name }) => ({ functionResponse: { id, name, response: { result } } }));
    return [...answer.contents, { role: 'user', parts: results.length > 0 ? results : [{ text: remark }] }];
  },
};

const ollama = {
  name: 'ollama',
  hasNoIds: true,
  client: (url) => new Ollama({ host: url }),
  async ask(client, model, messages, streamed) {
    if (!streamed) return (await client.chat({ model, messages })).message;
    const message = { role: 'assistant', content: '', tool_calls: [] };
    for await (const chunk of await client.chat({ model, messages, stream: true })) {
      message.content += chunk.message.content;
      message.tool_calls.push(...(chunk.message.tool_calls ?? []));
    }
    return message;
  },
  texts: (message) => [message.content],
  calls: (message) => (message.tool_calls ?? []).map((call) => ({ name: call.function.name, input: call.function.arguments })),
  first: [{ role: 'user', content: question }],
  next(message) {
    const results = ollama.calls(message).map(({ name }) => ({ role: 'tool', tool_name: name, content: result }));
    return [message, ...(results.length > 0 ? results : [{ role: 'user', content: remark }])];
  },
};

const anyObject = tool({ inputSchema: jsonSchema({ type: 'object' }) });

/** An agent with Vercel's SDK, which makes a model by its name. */
const vercel = (name, client) => ({
  name: `ai, ${name}`,
  client,
  async ask(maker, model, messages, streamed) {
    const options = { model: maker(model), messages, maxRetries: 0, tools: { drop_table: anyObject, read_file: anyObject } };
    const answer = streamed ? streamText({ ...options, onError() {} }) : await generateText(options);
    if (streamed) await answer.consumeStream({ onError(error) { throw error; } });
    const [text, toolCalls, finishReason, response] = await Promise.all([answer.text, answer.toolCalls, answer.finishReason, answer.response]);
    return { text, toolCalls, finishReason, messages: response.messages };
  },
  texts: ({ text }) => [text],
  calls: ({ toolCalls }) => toolCalls.map(({ toolCallId, toolName, input }) => ({ id: toolCallId, name: toolName, input })),
  first: [{ role: 'user', content: question }],
  next({ toolCalls, finishReason, messages }) {
    const results = toolCalls.map(({ toolCallId, toolName }) => ({ type: 'tool-result', toolCallId, toolName, output: { type: 'text', value: result } }));
    return [...messages, finishReason === 'tool-calls' ? { role: 'tool', content: results } : { role: 'user', content: remark }];
  },
});

export const agents = [anthropic, chat, responses, stateful, gemini, ollama,
  vercel('gemini', (url) => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: 'test-key' })),
  vercel('chat', (url) => createOpenAICompatible({ name: 'provider', baseURL: `${url}/v1`, apiKey: 'test-key' }))];

/** Asks, goes on from the answer, and returns it; `farewell` gets what was said to the next turn. */
export async function twoTurns(agent, url, model, streamed, farewell) {
  const client = agent.client(url);
  const answer = await agent.ask(client, model, agent.first, streamed);
  farewell(agent.texts(await agent.ask(client, model, [...agent.first, ...agent.next(answer)], streamed)).join('\n'));
  return answer;
}

/** `calls` as `agent.calls` tells them. */
export const told = (agent, calls) => (agent.hasNoIds ? calls.map(({ name, input }) => ({ name, input })) : calls);
