// SPDX-License-Identifier: Apache-2.0
// What the official SDKs make of a provider, directly and through Luthien: the same.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Luthiend } from './luthiend.mjs';
import { Provider, recordings } from './provider.mjs';
import { abortEarly, aiApis, aiStream, aiWhole, apis, brokenStream, extras, stream, whole } from './sdk_calls.mjs';

// The design asks for 100 ms; the rest is room for a busy machine.
const mostAbortMilliseconds = 500;

const provider = new Provider();
const luthiend = new Luthiend();
let calls = 0;

before(async () => {
  await provider.listen();
  await luthiend.start({ 'anthropic-messages': provider.url, openai: provider.url, gemini: provider.url, ollama: provider.url });
});

after(async () => {
  const code = await luthiend.stop();
  await provider.close();
  assert.equal(code, 0, `luthiend did not end well: ${luthiend.log}`);
});

/** Runs `call` against the provider and through the proxy: equal results, and equal requests at the provider. */
async function same(call) {
  const direct = await call(provider.url);
  const wanted = provider.takeRequests();
  const proxied = await call(luthiend.url);
  const got = provider.takeRequests();
  calls += got.length;
  assert.deepEqual(proxied, direct);
  assert.deepEqual(got, wanted);
  return direct;
}

for (const api of apis) {
  for (const { id } of recordings(api.api, api.streams ?? 'sse')) {
    test(`${id}: the stream's events and its folded end are the same`, async () => {
      const direct = await same((url) => stream(api, url, `recording:${id}`));
      assert.ok(direct.events.length > 0 || direct.readError || direct.final.error, 'nothing came');
    });
  }

  for (const { id } of [...recordings(api.api, 'body'), ...recordings(api.api, 'error-body')]) {
    test(`${id}: the whole reply or error is the same`, async () => {
      await same((url) => whole(api, url, `recording:${id}`));
    });
  }

  for (const status of [400, 401, 429, 529]) {
    test(`${api.api}: ${status} is the same error, with its headers and request id`, async () => {
      const direct = await same((url) => whole(api, url, `error:${status}`));
      assert.equal(direct.error.status, status);
    });
  }

  const sample = api.sample ?? recordings(api.api, 'sse').find((row) => row.sdk_result === 'ok' && row.bytes > 3000).id;
  const body = recordings(api.api, 'body')[0].id;

  if (!api.sample) test(`${api.api}: 429 with Retry-After is retried and then answered the same`, async () => {
    const direct = await same((url) => whole(api, url, `flaky:${body}`, { maxRetries: 2 }));
    assert.equal(direct.value.status, 200);
  });

  test(`${api.api}: the other calls of the SDK are the same`, async () => {
    await same((url) => extras(api, url));
  });

  test(`${api.api}: a stream cut by the provider fails at the client after the same events`, async () => {
    const direct = await brokenStream(api, provider.url, `cut:${sample}`);
    const proxied = await brokenStream(api, luthiend.url, `cut:${sample}`);
    calls += 1;
    provider.takeRequests();
    assert.ok(direct.error && proxied.error, 'a cut stream was taken for a whole one');
    assert.deepEqual(proxied.events, direct.events);
  });

  test(`${api.api}: an abort by the client reaches the provider`, async () => {
    const closedDirectly = provider.nextClose();
    const direct = await abortEarly(api, provider.url, `stall:${sample}`);
    await closedDirectly;
    const closed = provider.nextClose();
    const { abortedAt, first } = await abortEarly(api, luthiend.url, `stall:${sample}`);
    calls += 1;
    const milliseconds = (await closed) - abortedAt;
    provider.takeRequests();
    assert.deepEqual(first, direct.first);
    assert.ok(milliseconds < mostAbortMilliseconds, `the provider saw the abort after ${milliseconds.toFixed(1)} ms`);
  });
}

for (const api of aiApis) {
  for (const { id } of recordings(api, 'sse')) {
    test(`${id}: the AI SDK reads the same from the stream`, async () => {
      const parts = await same((url) => aiStream(api, url, `recording:${id}`));
      assert.ok(parts.length > 0, 'nothing came');
    });
  }
  for (const { id } of [...recordings(api, 'body'), ...recordings(api, 'error-body')]) {
    test(`${id}: the AI SDK reads the same from the whole reply`, async () => {
      await same((url) => aiWhole(api, url, `recording:${id}`));
    });
  }
}

async function recordedCalls() {
  let recorded = 0;
  for (let cursor = '', page; cursor !== null; cursor = page.next) {
    page = await luthiend.get(`/api/v1/sessions?limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    recorded += page.items.reduce((sum, session) => sum + session.calls, 0);
  }
  return recorded;
}

test('every call through the proxy is in the record', async () => {
  // The store commits a few times a second: the last calls may still be on their way.
  const deadline = performance.now() + 5000;
  let recorded = await recordedCalls();
  while (recorded < calls && performance.now() < deadline) recorded = await recordedCalls();
  assert.equal(recorded, calls);
});
