// SPDX-License-Identifier: Apache-2.0
#include "store/journal.h"

#include "base/logging.h"

#include <algorithm>
#include <utility>

namespace luthien::store {

namespace {
constexpr std::uint64_t kPrefaultBytes = 4 << 20; // 25 ms between two looks at 160 MB/s
} // namespace

std::shared_ptr<Step> JournalBudget::addStep()
{
    const std::lock_guard lock(m_mutex);
    return m_steps.emplace_back(std::make_shared<Step>());
}

std::vector<std::shared_ptr<Step>> JournalBudget::steps() const
{
    const std::lock_guard lock(m_mutex);
    return m_steps;
}

Journal::Journal(std::filesystem::path directory, int producer, std::uint64_t firstNumber, std::uint64_t segmentBytes,
                 std::shared_ptr<JournalBudget> budget)
    : m_directory(std::move(directory))
    , m_producer(producer)
    , m_segmentBytes(segmentBytes)
    , m_budget(std::move(budget))
    , m_step(m_budget->addStep())
    , m_next(firstNumber)
{
}

Result<std::map<int, std::vector<SegmentName>>> Journal::scan(const std::filesystem::path& directory)
{
    std::map<int, std::vector<SegmentName>> found;
    std::error_code failed;
    for (std::filesystem::directory_iterator entry(directory, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        if (const auto name = SegmentName::parse(entry->path().filename().string()))
            found[name->producer].push_back(*name);
    }
    if (failed)
        return Error{ErrorCode::Io, "cannot list the journal's files: " + failed.message(), directory.string()};
    for (auto& [producer, names] : found)
        std::ranges::sort(names);
    return found;
}

void Journal::append(std::string_view head, std::string_view body)
{
    m_step->begins();
    retryWaiting();
    const bool mayStore = m_waiting.empty();
    const bool isStored = mayStore && store(head, body);
    m_step->ends();
    if (isStored)
        return;
    if (mayStore)
        qCCritical(lcStore, "no room on disk for the journal of worker %d: events wait in memory", m_producer);
    m_waiting.push_back(std::string(head).append(body));
}

bool Journal::hasRoom()
{
    m_step->begins();
    retryWaiting();
    const bool hasFile = m_current || rotate(0);
    m_step->ends();
    return hasFile && m_waiting.empty() && m_budget->hasRoom() && !allocationFailed();
}

void Journal::close()
{
    m_step->begins();
    retryWaiting();
    m_step->ends();
    if (m_waiting.empty())
        return;
    std::size_t bytes = 0;
    for (const std::string& record : m_waiting)
        bytes += record.size();
    qCCritical(lcStore, "no room on disk for the journal of worker %d: its last %zu records, %zu bytes, are lost",
               m_producer, m_waiting.size(), bytes);
    m_waiting.clear();
}

void Journal::retryWaiting()
{
    while (!m_waiting.empty() && store(m_waiting.front(), {}))
        m_waiting.pop_front();
}

bool Journal::store(std::string_view head, std::string_view body)
{
    const std::uint64_t bytes = Segment::recordBytes(head.size() + body.size());
    const bool stored =
        (m_current && m_current->append(head, body)) || (rotate(bytes) && m_current->append(head, body));
    if (stored)
        m_budget->backlog.fetch_add(bytes, std::memory_order_relaxed);
    return stored;
}

bool Journal::rotate(std::uint64_t neededBytes)
{
    auto [next, number] = m_next.take(neededBytes);
    if (!next)
        next = allocate(number, std::max(m_segmentBytes, neededBytes));
    if (!next)
        return false;
    if (m_current)
        m_current->seal();
    m_current = next;
    const std::lock_guard lock(m_mutex);
    m_lastStarted = next;
    m_started.push_back(std::move(next));
    return true;
}

std::shared_ptr<Segment> Journal::allocate(std::uint64_t number, std::uint64_t bytes)
{
    auto segment = Segment::create(m_directory, {m_producer, number}, bytes);
    const bool failedBefore = m_allocationFailed.exchange(!segment, std::memory_order_relaxed);
    m_budget->refused.fetch_add((segment ? 0 : 1) - (failedBefore ? 1 : 0), std::memory_order_relaxed);
    if (segment)
        return *segment;
    if (!failedBefore)
        qCWarning(lcStore, "%s", segment.error().toString().c_str());
    return nullptr;
}

void Journal::maintain()
{
    std::shared_ptr<Segment> current;
    {
        const std::lock_guard lock(m_mutex);
        current = m_lastStarted;
    }
    if (current)
        current->prefault(kPrefaultBytes);
    // After a refusal at once: nothing is recorded until there is one, so that the file would never be half full.
    if (!current || allocationFailed() || current->tail() > current->size() / 2)
        makeSpare();
}

void Journal::makeSpare()
{
    const auto number = m_next.reserve();
    if (!number)
        return;
    std::shared_ptr<Segment> spare = allocate(*number, m_segmentBytes);
    if (!spare)
        return;
    spare->prefault(kPrefaultBytes);
    m_next.keep(std::move(spare));
}

void Journal::removeSpare()
{
    if (const auto spare = m_next.take(0).spare)
        spare->unlink();
}

std::vector<std::shared_ptr<Segment>> Journal::takeStarted()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_started, {});
}

} // namespace luthien::store
