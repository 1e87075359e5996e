// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/call_event.h"
#include "protocol/dialect.h"
#include "protocol/stream_framer.h"
#include "store/rows.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace luthien::archive {

/// Finds the replies of providers among a call's events, which come all, in order and whole.
class ReplyPieces
{
public:
    enum class Part : std::uint8_t {
        None,
        Head, ///< status and headers: a reply begins; to one call there may be several, one after another
        Body,
    };
    [[nodiscard]] Part partOf(conversation::Direction direction, conversation::WireKind kind);

private:
    bool m_isHeadNext = true;
};

/// Reads what a call's provider answered again, as it was read when it came. Thread: one at a time.
class RecordedReply
{
public:
    /// A step of the reply, and the event that completed it.
    using Take = std::function<void(const conversation::WireEvent& piece, const conversation::StreamEvent& step)>;

    /// isStreamAsked: see Dialect::streamForm.
    RecordedReply(conversation::Api api, bool isStreamAsked, Take take);

    /// The next event of the call, whatever it is. Tells what it was.
    ReplyPieces::Part read(const conversation::WireEvent& event);
    ReplyPieces::Part read(const store::EventRow& event);
    /// Nothing more was recorded.
    void finish();

    /// Of the last reply; 0 = none has begun since the provider was asked last.
    [[nodiscard]] unsigned httpStatus() const noexcept { return m_httpStatus; }

private:
    void begin(std::string_view recorded);
    void body(const conversation::WireEvent& event);
    void streamed(std::string_view bytes);
    void streamEvent(const protocol::SseEvent& event);

    const protocol::Dialect& m_dialect;
    const bool m_isStreamAsked;
    Take m_take;
    ReplyPieces m_pieces;
    bool m_isReadable = true; ///< false = it came in a coding nobody could take away
    unsigned m_httpStatus = 0;
    std::unique_ptr<protocol::StreamDecoder> m_decoder;
    std::optional<protocol::StreamFramer> m_framer; ///< none = a whole body
    std::string m_body;                             ///< a whole one
    conversation::WireEvent m_piece;                ///< the last one, without its bytes
};

} // namespace luthien::archive
