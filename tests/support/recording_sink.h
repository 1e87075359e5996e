// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/event_sink.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace luthien::test {

/// One call as a sink saw it, with copies of all views.
struct RecordedCall
{
    struct Wire
    {
        std::uint32_t seq = 0;
        conversation::Direction direction = conversation::Direction::Received;
        conversation::WireKind kind = conversation::WireKind::Head;
        bool partial = false;
        std::string bytes;
    };
    /// A decision and how many wire events came before it.
    struct Decided
    {
        conversation::Decision decision;
        std::size_t wiresBefore = 0;
    };
    /// A request as it went upstream in place of the one that came, and how many wire events came before it.
    struct SentRequest
    {
        std::uint32_t seq = 0;
        std::size_t wiresBefore = 0;
        std::string body;
    };
    CallId id;
    CallId cause;
    std::string causePolicy;
    conversation::Identity identity;
    conversation::Api api = conversation::Api::Other;
    std::string upstream, method, path, model, preview;
    bool stream = false;
    std::string requestHead, requestBody;
    std::uint32_t requestSeq = 0;
    std::vector<conversation::Span> messages;
    std::vector<SentRequest> sentRequests;
    std::vector<Wire> wires;
    std::vector<Decided> decisions;
    std::optional<conversation::CallEnded> ended; ///< its views are replaced by the copies below
    std::string rawStopReason, replyModel, reply, sentReply, error;

    /// The body bytes received from the upstream, as recorded.
    [[nodiscard]] std::string receivedBody() const;
    /// The numbers in order of appearance, each once; must be 0, 1, 2, ... if the record has no gap.
    [[nodiscard]] bool hasGaplessNumbers() const;
};

/// What all workers' sinks write to. Thread: any.
class Recording
{
public:
    [[nodiscard]] std::unique_ptr<conversation::EventSink> makeSink();
    [[nodiscard]] std::vector<RecordedCall> calls() const;
    /// Waits until that many calls have ended. False = not before the deadline.
    [[nodiscard]] bool waitForEnded(std::size_t count,
                                    std::chrono::milliseconds deadline = std::chrono::seconds(10)) const;
    void setRoom(bool room);

private:
    class Sink;
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    std::vector<RecordedCall> m_calls;
    std::map<CallId, std::size_t> m_places;
    std::size_t m_ended = 0;
    bool m_room = true;
};

} // namespace luthien::test
