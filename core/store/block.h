// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/call_event.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace luthien::store {

/// One event as a block holds it.
struct BlockEvent
{
    std::uint32_t seq = 0;
    TimePoint at;
    conversation::Direction direction = conversation::Direction::Received;
    conversation::WireKind kind = conversation::WireKind::Head;
    std::string_view bytes;
};

/// Consecutive events of one call, in the making. The raw form of a block is: length of the table as varint, the
/// table (per event: kind and direction in one byte, time since the one before, byte count, as varints), the bytes.
class BlockBuilder
{
public:
    [[nodiscard]] bool isEmpty() const noexcept { return m_events == 0; }
    [[nodiscard]] std::uint32_t firstSeq() const noexcept { return m_firstSeq; }
    [[nodiscard]] std::uint32_t events() const noexcept { return m_events; }
    [[nodiscard]] std::uint32_t nextSeq() const noexcept { return m_firstSeq + m_events; }
    [[nodiscard]] TimePoint start() const noexcept { return m_start; }
    [[nodiscard]] std::size_t rawBytes() const noexcept { return m_table.size() + m_bytes.size(); }

    /// event.seq must follow on the one before.
    void add(const BlockEvent& event);
    [[nodiscard]] std::string raw() const;
    void clear() noexcept;

private:
    std::uint32_t m_firstSeq = 0;
    std::uint32_t m_events = 0;
    TimePoint m_start;
    TimePoint m_last;
    std::string m_table;
    std::string m_bytes;
};

/// What the row beside a block says.
struct BlockHead
{
    std::uint32_t seq = 0;
    std::uint32_t events = 0;
    TimePoint start;
};

/// Calls take for each event, in order, until it returns false. Errors: InvalidInput if raw is not a block.
[[nodiscard]] Result<void> forEachEvent(const BlockHead& head, std::string_view raw,
                                        const std::function<bool(const BlockEvent&)>& take);

} // namespace luthien::store
