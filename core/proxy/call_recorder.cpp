// SPDX-License-Identifier: Apache-2.0
#include "proxy/call_recorder.h"

namespace luthien::proxy {

using conversation::CallStatus;
using conversation::Direction;
using conversation::kMaxWireBytes;
using conversation::WireKind;

namespace {
Metric metricOf(CallStatus status)
{
    switch (status) {
    case CallStatus::Cancelled:
        return Metric::CallsCancelled;
    case CallStatus::Truncated:
        return Metric::CallsTruncated;
    case CallStatus::Failed:
        return Metric::CallsFailed;
    case CallStatus::Blocked:
        return Metric::CallsBlocked;
    case CallStatus::Open:
    case CallStatus::Completed:
        break;
    }
    return Metric::CallsCompleted;
}
} // namespace

void CallRecorder::open(const PreparedCall& call)
{
    m_call = call.id;
    const TimePoint at = m_openedAt = now();
    m_worker.sink.opened({.call = call.id,
                          .at = at,
                          .identity = call.identity,
                          .api = call.route.api,
                          .upstream = call.route.upstream->name,
                          .method = call.method,
                          .path = call.path,
                          .model = call.model,
                          .preview = call.preview,
                          .stream = call.stream,
                          .cause = call.cause,
                          .causePolicy = call.causePolicy});
    request(call, Direction::Received);
    m_worker.openCalls.fetch_add(1, std::memory_order_relaxed);
    m_worker.metrics.add(Metric::CallsStarted);
}

void CallRecorder::requestSent(const PreparedCall& call)
{
    request(call, Direction::Sent);
}

void CallRecorder::request(const PreparedCall& call, Direction direction)
{
    m_worker.sink.request({.call = call.id,
                           .seq = m_seq++,
                           .at = now(),
                           .direction = direction,
                           .head = call.headJson,
                           .body = call.readableBody(),
                           .messages = call.messages});
    m_worker.metrics.add(Metric::EventsRecorded);
}

void CallRecorder::head(std::string_view json)
{
    received(WireKind::Head, json, {});
}

void CallRecorder::partial(std::string_view bytes)
{
    while (m_openBytes + bytes.size() > kMaxWireBytes) {
        const std::string_view piece = bytes.substr(0, kMaxWireBytes - m_openBytes);
        bytes.remove_prefix(piece.size());
        received(WireKind::Head, piece, {});
    }
    if (bytes.empty())
        return;
    if (!m_openPart)
        m_openPart = m_seq++;
    m_openBytes += bytes.size();
    m_worker.sink.wire({.call = m_call,
                        .seq = *m_openPart,
                        .at = now(),
                        .direction = Direction::Received,
                        .kind = WireKind::Head,
                        .partial = true,
                        .bytes = bytes,
                        .meaning = {}});
}

std::uint32_t CallRecorder::event(WireKind kind, std::string_view bytes,
                                  std::span<const conversation::StreamEvent> meaning)
{
    if (m_openBytes + bytes.size() > kMaxWireBytes) {
        partial(bytes);
        bytes = {};
    }
    return received(kind, bytes, meaning);
}

std::uint32_t CallRecorder::received(WireKind kind, std::string_view bytes,
                                     std::span<const conversation::StreamEvent> meaning)
{
    const std::uint32_t seq = m_openPart ? *m_openPart : m_seq++;
    m_openPart.reset();
    m_openBytes = 0;
    m_worker.sink.wire({.call = m_call,
                        .seq = seq,
                        .at = now(),
                        .direction = Direction::Received,
                        .kind = kind,
                        .partial = false,
                        .bytes = bytes,
                        .meaning = meaning});
    m_worker.metrics.add(Metric::EventsRecorded);
    return seq;
}

void CallRecorder::sent(WireKind kind, std::string_view bytes, std::span<const conversation::StreamEvent> meaning)
{
    for (; bytes.size() > kMaxWireBytes; bytes.remove_prefix(kMaxWireBytes))
        sent(WireKind::Head, bytes.substr(0, kMaxWireBytes), {});
    m_worker.sink.wire({.call = m_call,
                        .seq = m_seq++,
                        .at = now(),
                        .direction = Direction::Sent,
                        .kind = kind,
                        .partial = false,
                        .bytes = bytes,
                        .meaning = meaning});
    m_worker.metrics.add(Metric::EventsRecorded);
}

void CallRecorder::decided(conversation::Decision decision, std::uint32_t seq)
{
    decision.at = now();
    decision.id = CallId::make(decision.at);
    decision.call = m_call;
    decision.seq = seq;
    m_worker.sink.decided(decision);
}

void CallRecorder::end(conversation::CallEnded& ended)
{
    ended.seq = m_seq++;
    m_worker.sink.ended(ended);
    m_worker.openCalls.fetch_sub(1, std::memory_order_relaxed);
    m_worker.metrics.add(metricOf(ended.status));
    if (ended.firstByteAt)
        m_worker.metrics.observe(Latency::FirstByte, *ended.firstByteAt - m_openedAt);
    if (ended.firstTokenAt)
        m_worker.metrics.observe(Latency::FirstToken, *ended.firstTokenAt - m_openedAt);
    m_worker.metrics.add(Metric::EventsRecorded);
}

} // namespace luthien::proxy
