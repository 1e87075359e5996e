// SPDX-License-Identifier: Apache-2.0
#include "store/block.h"

#include "store/varint.h"

#include <QtGlobal>

namespace luthien::store {

namespace {
constexpr std::uint8_t kSentBit = 0x10; // kinds are below
constexpr std::uint8_t kKindMask = 0x0f;
static_assert(static_cast<std::uint8_t>(conversation::WireKind::End) <= kKindMask);
} // namespace

void BlockBuilder::add(const BlockEvent& event)
{
    if (m_events == 0) {
        m_firstSeq = event.seq;
        m_start = m_last = event.at;
    }
    Q_ASSERT(event.seq == nextSeq());
    const bool sent = event.direction == conversation::Direction::Sent;
    m_table += static_cast<char>(static_cast<std::uint8_t>(event.kind) | (sent ? kSentBit : 0));
    appendVarint(m_table, zigzag((event.at - m_last).count())); // clocks are set back at times
    appendVarint(m_table, event.bytes.size());
    m_bytes += event.bytes;
    m_last = event.at;
    ++m_events;
}

std::string BlockBuilder::raw() const
{
    std::string raw;
    raw.reserve(rawBytes() + 5);
    appendVarint(raw, m_table.size());
    raw += m_table;
    raw += m_bytes;
    return raw;
}

void BlockBuilder::clear() noexcept
{
    m_events = 0;
    m_table.clear();
    m_bytes.clear();
}

Result<void> forEachEvent(const BlockHead& head, std::string_view raw,
                          const std::function<bool(const BlockEvent&)>& take)
{
    const Error damaged{ErrorCode::InvalidInput, "a stored block is damaged", "database"};
    std::uint64_t tableBytes = 0;
    if (!readVarint(raw, tableBytes) || tableBytes > raw.size())
        return damaged;
    std::string_view table = raw.substr(0, tableBytes);
    std::string_view bytes = raw.substr(tableBytes);
    TimePoint at = head.start;
    for (std::uint32_t i = 0; i < head.events; ++i) {
        if (table.empty())
            return damaged;
        const auto flags = static_cast<std::uint8_t>(table.front());
        table.remove_prefix(1);
        std::uint64_t elapsed = 0;
        std::uint64_t size = 0;
        if (!readVarint(table, elapsed) || !readVarint(table, size) || size > bytes.size() ||
            (flags & kKindMask) > static_cast<std::uint8_t>(conversation::WireKind::End))
            return damaged;
        at += std::chrono::microseconds(unzigzag(elapsed));
        const bool sent = (flags & kSentBit) != 0;
        const BlockEvent event{head.seq + i, at,
                               sent ? conversation::Direction::Sent : conversation::Direction::Received,
                               static_cast<conversation::WireKind>(flags & kKindMask), bytes.substr(0, size)};
        bytes.remove_prefix(size);
        if (!take(event))
            return {};
    }
    return {};
}

} // namespace luthien::store
