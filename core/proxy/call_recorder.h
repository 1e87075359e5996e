// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/call_event.h"
#include "proxy/request_intake.h"
#include "proxy/worker_context.h"

#include <optional>
#include <string_view>

namespace luthien::proxy {

/// How a call ended, as far as the handler knows it.
struct CallOutcome
{
    conversation::CallStatus status = conversation::CallStatus::Completed;
    std::uint16_t httpStatus = 0; ///< what the client was told; 0 = nothing
    std::string error;            ///< one sentence; empty = none
};

/// Tells the sink about one call, numbering its events from 0 without gaps. Thread: the worker.
class CallRecorder
{
public:
    explicit CallRecorder(WorkerContext& worker)
        : m_worker(worker)
    {
    }

    void open(const PreparedCall& call);
    /// The request as it goes upstream instead of as it came.
    void requestSent(const PreparedCall& call);

    /// The reply's status and headers.
    void head(std::string_view json);
    /// A first part of an event, under the number its end will have. What exceeds kMaxWireBytes ends the event and
    /// begins another.
    void partial(std::string_view bytes);
    [[nodiscard]] bool hasOpenPart() const noexcept { return m_openPart.has_value(); }
    /// A whole event, or the rest of one begun by partial(). Returns the number of its end.
    std::uint32_t event(conversation::WireKind kind, std::string_view bytes,
                        std::span<const conversation::StreamEvent> meaning = {});
    /// Something that went to the client and did not come from the upstream.
    void sent(conversation::WireKind kind, std::string_view bytes,
              std::span<const conversation::StreamEvent> meaning = {});
    /// A verdict, taken at that event; decision.id, call, at and seq are filled in here.
    void decided(conversation::Decision decision, std::uint32_t seq);
    /// ended.seq is filled in here.
    void end(conversation::CallEnded& ended);

    [[nodiscard]] TimePoint now() const { return m_worker.clock.now(); }

private:
    void request(const PreparedCall& call, conversation::Direction direction);
    std::uint32_t received(conversation::WireKind kind, std::string_view bytes,
                           std::span<const conversation::StreamEvent> meaning);

    WorkerContext& m_worker;
    CallId m_call;
    TimePoint m_openedAt;
    std::uint32_t m_seq = 0;
    std::optional<std::uint32_t> m_openPart; ///< the number taken by partial() until event() completes it
    std::size_t m_openBytes = 0;             ///< of that event
};

} // namespace luthien::proxy
