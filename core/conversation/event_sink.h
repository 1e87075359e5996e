// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/call_event.h"
#include "conversation/decision.h"

namespace luthien::conversation {

/// Where a worker puts what happened. When a function returns, the event survives a crash of the process.
/// Nothing with a credential in it is ever passed. Thread: one sink per worker, used by that worker only.
class EventSink
{
public:
    virtual ~EventSink() = default;

    virtual void opened(const CallOpened& event) = 0;
    virtual void request(const RequestRecorded& event) = 0;
    virtual void wire(const WireEvent& event) = 0;
    /// Comes before the wire event that carries it out.
    virtual void decided(const Decision& decision) = 0;
    virtual void ended(const CallEnded& event) = 0;

    /// False = the caller must stop reading from its sockets and ask again later. What it has already read (at most
    /// 64 KiB a connection) and the end of each call still find room.
    [[nodiscard]] virtual bool hasRoom() const = 0;
};

} // namespace luthien::conversation
