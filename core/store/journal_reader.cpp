// SPDX-License-Identifier: Apache-2.0
#include "store/journal_reader.h"

#include "base/logging.h"

namespace luthien::store {

namespace {
/// Bytes of the records from offset on, as far as their lengths lead; whether they are whole shows when they are read.
std::uint64_t recordBytesFrom(const Segment& segment, std::uint64_t offset)
{
    Segment::Read read{Segment::ReadState::Record, {}, offset};
    while (read.state == Segment::ReadState::Record)
        read = segment.read(read.next, Segment::Written::ByThisProcess);
    return read.next - offset;
}
} // namespace

JournalReader::JournalReader(std::shared_ptr<Journal> journal, std::vector<std::shared_ptr<Segment>> left,
                             JournalPosition start)
    : m_journal(std::move(journal))
    , m_segments(left.begin(), left.end())
    , m_position(start)
{
    if (!left.empty())
        m_liveFrom = left.back()->name().number + 1;
    m_record = m_released = m_position;
    for (const auto& segment : left) {
        const std::uint64_t from = segment->name().number == start.segment ? start.offset : 0;
        m_journal->budget().backlog.fetch_add(recordBytesFrom(*segment, from), std::memory_order_relaxed);
    }
}

std::optional<std::string_view> JournalReader::next()
{
    takeStarted();
    while (m_index < m_segments.size()) {
        const Segment& segment = *m_segments[m_index];
        if (m_position.segment != segment.name().number)
            m_position = {segment.name().number, 0, m_position.consumed};
        const bool old = m_position.segment < m_liveFrom;
        const Segment::Read read =
            segment.read(m_position.offset, old ? Segment::Written::Before : Segment::Written::ByThisProcess);
        if (read.state == Segment::ReadState::Record) {
            m_record = m_position;
            m_position.consumed += read.next - m_position.offset;
            m_position.offset = read.next;
            return read.payload;
        }
        if (read.state == Segment::ReadState::Nothing && !old)
            return std::nullopt;
        if (read.state == Segment::ReadState::Torn)
            qCWarning(lcStore, "journal %s is damaged at byte %llu; the rest of it is left out",
                      segment.name().fileName().c_str(), static_cast<unsigned long long>(m_position.offset));
        if (m_index + 1 >= m_segments.size() && !old)
            return std::nullopt; // sealed, and the next one is about to be announced
        if (old)
            m_position.consumed += recordBytesFrom(segment, m_position.offset); // what is left out waits no more
        leaveSegment();
    }
    return std::nullopt;
}

void JournalReader::leaveSegment()
{
    ++m_index;
    // So that a commit now lets go of the segment just left.
    if (m_index < m_segments.size())
        m_position = {m_segments[m_index]->name().number, 0, m_position.consumed};
    else
        m_position = {m_position.segment + 1, 0, m_position.consumed};
    m_record = m_position;
}

void JournalReader::takeStarted()
{
    for (auto& segment : m_journal->takeStarted())
        m_segments.push_back(std::move(segment));
}

void JournalReader::rewind()
{
    m_position = m_record = m_released;
    m_index = 0;
}

void JournalReader::release(const JournalPosition& position)
{
    while (!m_segments.empty() && m_segments.front()->name().number < position.segment) {
        m_segments.front()->unlink();
        m_segments.pop_front();
        --m_index;
    }
    m_journal->budget().backlog.fetch_sub(position.consumed - m_released.consumed, std::memory_order_relaxed);
    m_released = position;
}

void JournalReader::erase(const JournalPosition& until)
{
    Q_ASSERT(until <= m_released);
    // What an earlier process left cannot be written; it goes as soon as it is read.
    const bool isLive = !m_segments.empty() && m_segments.front()->name().number >= m_liveFrom;
    if (isLive && m_segments.front()->name().number == until.segment)
        m_segments.front()->erase(until.offset);
}

void JournalReader::removeIfDrained()
{
    if (hasPassed() || next())
        return;
    for (const auto& segment : m_segments)
        segment->unlink();
    m_segments.clear();
    m_index = 0;
    m_journal->removeSpare();
}

} // namespace luthien::store
