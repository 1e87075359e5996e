// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "live/live_event.h"
#include "protocol/dialect.h"
#include "protocol/stream_framer.h"
#include "store/rows.h"

#include <functional>
#include <memory>
#include <optional>

namespace luthien::desktop {

/// Reads a recorded stream again, step by step, as it was read when it came. Thread: one at a time.
class ReplySteps
{
public:
    using Take = std::function<void(const live::Delta& step)>;

    ReplySteps(conversation::Api api, Take take);

    /// The next piece of the reply.
    void read(const store::EventRow& event);
    /// Nothing more was recorded.
    void finish();

private:
    void tell(const protocol::SseEvent& event);

    conversation::Api m_api;
    Take m_take;
    std::unique_ptr<protocol::StreamDecoder> m_decoder;
    std::optional<protocol::StreamFramer> m_framer;
    conversation::WireEvent m_wire; ///< without its bytes
};

/// Picks out of a call's events, all of them in order, those whose bytes are a piece of a reply as the provider sent
/// it.
class ReplyPieces
{
public:
    [[nodiscard]] bool isOne(const store::EventRow& event);

private:
    bool m_isHeadNext = true;
};

} // namespace luthien::desktop
