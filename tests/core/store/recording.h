// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/event_sink.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace luthien::test {

/// A tool call blocked at the event seq.
inline conversation::Decision sampleDecision(CallId call, std::uint32_t seq)
{
    conversation::Decision decision;
    decision.id = CallId::make(fromMicros(1'700'000'000'000'000));
    decision.call = call;
    decision.at = fromMicros(1'700'000'000'000'000 + seq);
    decision.seq = seq;
    decision.policyId = "destructive-sql";
    decision.policyVersion = std::string(64, 'a');
    decision.verdict = conversation::Verdict::Block;
    decision.reason = "DROP TABLE removes a table";
    decision.agentText = "[Tool call `Bash` was blocked by policy]";
    decision.tool = "Bash";
    decision.toolId = "toolu_1";
    decision.matched = {{"/command", 9, 25}};
    decision.original = R"({"command":"psql -c 'DROP TABLE users'"})";
    decision.latency = std::chrono::microseconds(42);
    return decision;
}

/// One call as a worker would record it; counts sequence numbers and keeps what a reader must give back.
class RecordedCall
{
public:
    RecordedCall(conversation::EventSink& sink, std::string session,
                 TimePoint start = fromMicros(1'700'000'000'000'000), std::string_view preview = "hello",
                 std::string_view model = "claude-test", std::string_view client = "claude-code")
        : m_sink(sink)
        , m_id(CallId::make(start))
        , m_now(start)
    {
        conversation::CallOpened event;
        event.call = m_id;
        event.at = m_now;
        event.identity.session = std::move(session);
        event.identity.client = client;
        event.api = conversation::Api::AnthropicMessages;
        event.upstream = "anthropic";
        event.method = "POST";
        event.path = "/v1/messages";
        event.model = model;
        event.preview = preview;
        event.stream = true;
        m_sink.opened(event);
    }

    void request(std::string_view body, std::vector<conversation::Span> messages = {},
                 conversation::Direction direction = conversation::Direction::Received)
    {
        m_sink.request({m_id, m_seq++, tick(), direction, R"({"method":"POST"})", body, messages});
        m_bytes.emplace_back(body);
    }
    void wire(std::string_view bytes, conversation::Direction direction = conversation::Direction::Received)
    {
        m_sink.wire({m_id, m_seq++, tick(), direction, conversation::WireKind::Text, false, bytes, {}});
        m_bytes.emplace_back(bytes);
    }
    void split(std::string_view first, std::string_view rest)
    {
        const auto received = conversation::Direction::Received;
        m_sink.wire({m_id, m_seq, tick(), received, conversation::WireKind::Head, true, first, {}});
        m_sink.wire({m_id, m_seq++, tick(), received, conversation::WireKind::Text, false, rest, {}});
        m_bytes.push_back(std::string(first).append(rest));
    }
    /// What a proxy records when it must speak while an event is only half here.
    void splitAround(std::string_view first, std::string_view between, std::string_view rest)
    {
        partial(first);
        const std::uint32_t seq = m_seq++;
        m_bytes.push_back(std::string(first).append(rest));
        wire(between, conversation::Direction::Sent);
        m_sink.wire(
            {m_id, seq, tick(), conversation::Direction::Received, conversation::WireKind::Text, false, rest, {}});
    }
    void partial(std::string_view first)
    {
        m_sink.wire(
            {m_id, m_seq, tick(), conversation::Direction::Received, conversation::WireKind::Head, true, first, {}});
    }
    /// A tool call blocked, or one that would have been.
    void decide(std::string original, conversation::PolicyMode mode = conversation::PolicyMode::Enforce)
    {
        conversation::Decision decision = sampleDecision(m_id, m_seq == 0 ? 0 : m_seq - 1);
        decision.mode = mode;
        decision.original = std::move(original);
        m_sink.decided(decision);
        ++m_decisions;
    }
    void end(conversation::CallStatus status = conversation::CallStatus::Completed,
             conversation::StopReason reason = conversation::StopReason::EndTurn, std::string_view sentReply = {})
    {
        conversation::CallEnded event;
        event.call = m_id;
        event.seq = m_seq++;
        event.at = tick();
        event.status = status;
        event.httpStatus = 200;
        event.stopReason = reason;
        event.rawStopReason = "end_turn";
        event.usage.input = 11;
        event.usage.output = 7;
        event.firstByteAt = m_now;
        event.request.bytes = 5;
        event.response.bytes = 9;
        event.response.sha256 = Sha256::of("reply");
        event.reply = R"({"id":"msg_1"})";
        event.sentReply = sentReply;
        m_sink.ended(event);
    }

    [[nodiscard]] CallId id() const { return m_id; }
    [[nodiscard]] std::uint32_t nextSeq() const { return m_seq; }
    [[nodiscard]] std::uint32_t decisions() const { return m_decisions; }
    /// Bytes of the events so far, by sequence number; without the end's.
    [[nodiscard]] const std::vector<std::string>& bytes() const { return m_bytes; }

private:
    TimePoint tick() { return m_now += std::chrono::microseconds(1000); }

    conversation::EventSink& m_sink;
    CallId m_id;
    TimePoint m_now;
    std::uint32_t m_seq = 0;
    std::uint32_t m_decisions = 0;
    std::vector<std::string> m_bytes;
};

/// A Messages body of the given messages, and where each of them is.
struct Body
{
    std::string bytes;
    std::vector<conversation::Span> spans;

    explicit Body(const std::vector<std::string>& messages, std::string_view gap = ",")
    {
        bytes = R"({"model":"m","messages":[)";
        for (const std::string& message : messages) {
            if (!spans.empty())
                bytes += gap;
            spans.push_back({static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint32_t>(message.size())});
            bytes += message;
        }
        bytes += R"(],"stream":true})";
    }
};

} // namespace luthien::test
