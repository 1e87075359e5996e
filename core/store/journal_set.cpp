// SPDX-License-Identifier: Apache-2.0
#include "store/journal_set.h"

#include "store/name_file.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace luthien::store {

namespace {
constexpr const char* kOwnerFile = "database";
constexpr std::string_view kUnread = "; what is recorded in it may not be in the database yet: let it be read and "
                                     "start again, or move it elsewhere to go on without it";
} // namespace

Result<JournalSet::Left> JournalSet::whatIsLeft(const std::filesystem::path& directory, std::string_view database)
{
    std::error_code failed;
    if (std::filesystem::status(directory, failed).type() == std::filesystem::file_type::not_found)
        return Left::Nothing;
    const auto found = Journal::scan(directory);
    if (!found)
        return found.error();
    if (found->empty())
        return Left::Nothing;
    const std::string owner = readNameFile(directory / kOwnerFile);
    return owner.empty() || owner == database ? Left::Own : Left::Anothers;
}

Result<void> JournalSet::claim(const std::filesystem::path& directory, std::string_view database, std::string_view url)
{
    const std::filesystem::path file = directory / kOwnerFile;
    const auto left = whatIsLeft(directory, database);
    if (!left)
        return left.error();
    if (*left == Left::Anothers)
        return Error{ErrorCode::Conflict,
                     "the journal may hold what is in no database yet, recorded for another one than this (" +
                         readNameNote(file) +
                         "): start once with that one, or move the files elsewhere to go on without them",
                     directory.string()};
    return readNameFile(file) == database ? Result<void>() : writeNameFile(file, database, url);
}

JournalSet::JournalSet(std::filesystem::path directory, std::uint64_t segmentBytes,
                       std::shared_ptr<JournalBudget> budget)
    : m_directory(std::move(directory))
    , m_segmentBytes(segmentBytes)
    , m_budget(std::move(budget))
{
}

Result<std::unique_ptr<JournalSet>> JournalSet::open(std::filesystem::path directory, std::uint64_t segmentBytes,
                                                     std::shared_ptr<JournalBudget> budget,
                                                     std::map<int, JournalPosition> start)
{
    const auto found = Journal::scan(directory);
    if (!found)
        return found.error();
    std::unique_ptr<JournalSet> set(new JournalSet(std::move(directory), segmentBytes, std::move(budget)));
    for (const auto& [producer, position] : start)
        set->m_firstNumbers[producer] = position.segment + 1;
    for (const auto& [producer, names] : *found) {
        if (auto taken = set->take(producer, names, start[producer]); !taken)
            return taken.error();
    }
    return set;
}

Result<void> JournalSet::take(int producer, const std::vector<SegmentName>& names, const JournalPosition& start)
{
    std::error_code ignored;
    std::vector<std::shared_ptr<Segment>> left;
    for (const SegmentName& name : names) {
        if (name.number < start.segment) {
            std::filesystem::remove(m_directory / name.fileName(), ignored); // all of it is in the database
            continue;
        }
        auto segment = Segment::openExisting(m_directory, name);
        if (segment)
            left.push_back(*std::move(segment));
        else if (segment.error().code == ErrorCode::InvalidInput)
            std::filesystem::remove(m_directory / name.fileName(), ignored); // killed before it was reserved
        else // were it left out, the position would pass it, and the next start remove it
            return Error{segment.error().code, segment.error().message + std::string(kUnread), segment.error().context};
    }
    const std::uint64_t first = std::max(names.back().number, start.segment) + 1;
    auto journal = std::make_shared<Journal>(m_directory, producer, first, m_segmentBytes, m_budget);
    m_readers[producer] = std::make_unique<JournalReader>(std::move(journal), std::move(left), start);
    return {};
}

std::shared_ptr<Journal> JournalSet::journal(int producer)
{
    const std::lock_guard lock(m_mutex);
    std::unique_ptr<JournalReader>& reader = m_readers[producer];
    if (!reader) {
        auto journal =
            std::make_shared<Journal>(m_directory, producer, m_firstNumbers[producer], m_segmentBytes, m_budget);
        reader = std::make_unique<JournalReader>(std::move(journal), std::vector<std::shared_ptr<Segment>>(),
                                                 JournalPosition());
    }
    return reader->sharedJournal();
}

std::vector<JournalReader*> JournalSet::readers()
{
    const std::lock_guard lock(m_mutex);
    std::vector<JournalReader*> all;
    all.reserve(m_readers.size());
    for (const auto& [producer, reader] : m_readers)
        all.push_back(reader.get());
    return all;
}

bool JournalSet::areRecovered()
{
    return std::ranges::all_of(readers(), &JournalReader::recovered);
}

void JournalSet::maintain()
{
    for (JournalReader* const reader : readers())
        reader->journal().maintain();
}

void JournalSet::rewind()
{
    for (JournalReader* const reader : readers())
        reader->rewind();
}

void JournalSet::release(const std::map<int, JournalPosition>& positions)
{
    for (JournalReader* const reader : readers()) {
        if (const auto position = positions.find(reader->producer()); position != positions.end())
            reader->release(position->second);
    }
}

void JournalSet::removeDrained()
{
    for (JournalReader* const reader : readers())
        reader->removeIfDrained();
}

} // namespace luthien::store
