// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only the readers include this: it brings Beast in.
#include "protocol/beast_parser.h"
#include "protocol/head_scan.h"
#include "protocol/http_message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::protocol {

/// Takes one message off the wire. Our scans cut the bytes into whole structures and Beast reads those: it never sees
/// half a head or half a chunk line, so where the reads cut cannot matter, and it never leaves bytes over that would
/// have to be kept and given again. Body data passes through by reference. Thread: one at a time.
template <bool isRequest>
class MessageFramer
{
public:
    using Head = HeadOf<isRequest>;
    enum class Progress : std::uint8_t { NeedMore, Complete, Failed };
    enum class BodyRule : std::uint8_t { AsTheHeadSays, NoBody };

    explicit MessageFramer(HttpLimits limits)
        : m_limits(limits)
        , m_headScan(limits.headBytes)
    {
    }
    MessageFramer(const MessageFramer&) = delete; // the parser refers to the head
    MessageFramer& operator=(const MessageFramer&) = delete;

    /// Gets ready for the next message.
    void start(BodyRule bodyRule);
    /// Takes what belongs to the head off input.
    [[nodiscard]] Progress readHead(std::string_view& input);
    /// After a complete head: one step, over as many chunks as input holds.
    [[nodiscard]] ReadStep readBody(std::string_view input);
    /// Refuses the message from outside.
    void fail(HttpError error);

    [[nodiscard]] Head& head() noexcept { return m_head; }
    [[nodiscard]] const Head& head() const noexcept { return m_head; }
    [[nodiscard]] const HttpError& error() const noexcept { return m_error; }
    [[nodiscard]] bool hasFailed() const noexcept { return m_hasFailed; }
    [[nodiscard]] bool hasBegun() const noexcept { return m_headScan.hasBegun(); }
    /// After a complete head.
    [[nodiscard]] bool isDone() const noexcept { return m_parser->is_done(); }
    /// True if the connection may go on after this message. Trailers count, so ask at its end.
    [[nodiscard]] bool keepsAlive() const;

private:
    [[nodiscard]] Progress parseHead(std::string_view bytes);
    void noteFraming();
    [[nodiscard]] bool mayHaveBody() const noexcept;
    void readChunkLine(std::string_view& input);
    void readData(std::string_view& input);
    void addBody(std::string_view piece);
    /// piece behind what earlier reads brought of the same structure.
    [[nodiscard]] std::string_view joined(std::string_view piece);

    HttpLimits m_limits;
    HeadScan m_headScan;
    ChunkScan m_chunkScan;
    std::optional<BeastParser<isRequest>> m_parser;
    BodyRule m_bodyRule = BodyRule::AsTheHeadSays;
    Head m_head;
    std::string m_pending;   ///< the begun part of a head or chunk line
    std::string m_chunkData; ///< body data of one read that came in several chunks
    std::string_view m_body;
    HttpError m_error;
    bool m_hasFailed = false;
};

extern template class MessageFramer<true>;
extern template class MessageFramer<false>;

} // namespace luthien::protocol
