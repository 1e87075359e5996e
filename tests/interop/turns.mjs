// SPDX-License-Identifier: Apache-2.0
// One turn of a model, {id (Responses only), text, calls: [{id, name, input}]}, as each API writes it: streamed in small pieces or whole.

const pieces = (text) => text.match(/.{1,6}/gsu) ?? [];
const sse = (events) => events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

const anthropic = {
  whole({ text, calls }) {
    const content = [...(text ? [{ type: 'text', text }] : []), ...calls.map((call) => ({ type: 'tool_use', ...call }))];
    return { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content, stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn',
      stop_sequence: null, usage: { input_tokens: 3, output_tokens: 9 } };
  },
  stream(turn) {
    const message = anthropic.whole(turn);
    const blocks = message.content.flatMap((block, index) => {
      const isText = block.type === 'text';
      const start = isText ? { type: 'text', text: '' } : { ...block, input: {} };
      const deltas = isText ? pieces(block.text).map((text) => ({ type: 'text_delta', text }))
        : pieces(JSON.stringify(block.input)).map((part) => ({ type: 'input_json_delta', partial_json: part }));
      return [{ type: 'content_block_start', index, content_block: start },
        ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })), { type: 'content_block_stop', index }];
    });
    return sse([{ type: 'message_start', message: { ...message, content: [], stop_reason: null } }, { type: 'ping' }, ...blocks,
      { type: 'message_delta', delta: { stop_reason: message.stop_reason, stop_sequence: null }, usage: { output_tokens: 9 } },
      { type: 'message_stop' }]);
  },
};

const chat = {
  whole({ text, calls }) {
    const toolCalls = calls.map(({ id, name, input }) => ({ id, type: 'function', function: { name, arguments: JSON.stringify(input) } }));
    const message = { role: 'assistant', content: text || null, refusal: null, ...(calls.length > 0 && { tool_calls: toolCalls }) };
    return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm',
      choices: [{ index: 0, message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop', logprobs: null }],
      usage: { prompt_tokens: 3, completion_tokens: 9, total_tokens: 12 } };
  },
  stream({ text, calls }) {
    const chunk = (delta, finish = null) => ({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm',
      choices: [{ index: 0, delta, finish_reason: finish }] });
    const parts = calls.flatMap(({ id, name, input }, index) => [
      chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ...pieces(JSON.stringify(input)).map((part) => chunk({ tool_calls: [{ index, function: { arguments: part } }] }))]);
    const chunks = [chunk({ role: 'assistant', content: '' }), ...pieces(text).map((content) => chunk({ content })), ...parts,
      chunk({}, calls.length > 0 ? 'tool_calls' : 'stop')];
    return `${chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('')}data: [DONE]\n\n`;
  },
};

const responses = {
  whole({ id: replyId, text, calls }) {
    const message = { id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] };
    const items = calls.map(({ id, name, input }, index) => ({ id: `fc_${index}`, type: 'function_call', status: 'completed', call_id: id, name,
      arguments: JSON.stringify(input) }));
    return { id: replyId, object: 'response', created_at: 1, status: 'completed', model: 'm', output: [...(text ? [message] : []), ...items],
      parallel_tool_calls: true, tools: [], usage: { input_tokens: 3, output_tokens: 9, total_tokens: 12 } };
  },
  stream(turn) {
    const done = responses.whole(turn);
    const begun = { ...done, status: 'in_progress', output: [], usage: null };
    const items = done.output.flatMap((item, index) => {
      const at = { item_id: item.id, output_index: index };
      const inner = item.type === 'function_call' ? [
        ...pieces(item.arguments).map((delta) => ({ type: 'response.function_call_arguments.delta', ...at, delta })),
        { type: 'response.function_call_arguments.done', ...at, arguments: item.arguments }] : [
        { type: 'response.content_part.added', ...at, content_index: 0, part: { ...item.content[0], text: '' } },
        ...pieces(item.content[0].text).map((delta) => ({ type: 'response.output_text.delta', ...at, content_index: 0, delta })),
        { type: 'response.output_text.done', ...at, content_index: 0, text: item.content[0].text },
        { type: 'response.content_part.done', ...at, content_index: 0, part: item.content[0] }];
      const started = { ...item, status: 'in_progress', ...(item.type === 'function_call' ? { arguments: '' } : { content: [] }) };
      return [{ type: 'response.output_item.added', output_index: index, item: started }, ...inner,
        { type: 'response.output_item.done', output_index: index, item }];
    });
    const events = [{ type: 'response.created', response: begun }, { type: 'response.in_progress', response: begun }, ...items,
      { type: 'response.completed', response: done }];
    return sse(events.map((event, number) => ({ ...event, sequence_number: number })));
  },
};

const gemini = {
  whole({ text, calls }) {
    return gemini.reply([...(text ? [{ text }] : []), ...calls.map(gemini.part)], true);
  },
  stream({ text, calls }) {
    const parts = [...pieces(text).map((each) => ({ text: each })), ...calls.map(gemini.part)];
    const replies = parts.map((part, index) => gemini.reply([part], index === parts.length - 1));
    return replies.map((reply) => `data: ${JSON.stringify(reply)}\r\n\r\n`).join('');
  },
  part: ({ id, name, input }) => ({ functionCall: { id, name, args: input } }),
  reply: (parts, isLast) => ({
    candidates: [{ content: { role: 'model', parts }, index: 0, ...(isLast && { finishReason: 'STOP' }) }], modelVersion: 'm', responseId: 'r1',
    ...(isLast && { usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 9, totalTokenCount: 12 } }),
  }),
};

const ollama = {
  whole: ({ text, calls }) => ollama.reply(text, calls, true),
  stream({ text, calls }) {
    const lines = [...pieces(text).map((each) => ollama.reply(each, [], false)), ...calls.map((call) => ollama.reply('', [call], false)),
      ollama.reply('', [], true)];
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  },
  reply(content, calls, isLast) {
    const toolCalls = calls.map(({ name, input }) => ({ function: { name, arguments: input } }));
    return { model: 'm', created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content, ...(calls.length > 0 && { tool_calls: toolCalls }) },
      done: isLast, ...(isLast && { done_reason: 'stop', prompt_eval_count: 3, eval_count: 9 }) };
  },
};

/** By the name that ends a path. */
export const turns = { messages: anthropic, completions: chat, responses, generateContent: gemini, streamGenerateContent: gemini, chat: ollama };
