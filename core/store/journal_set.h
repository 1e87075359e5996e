// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/journal_reader.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace luthien::store {

/// The journals of all producers with their readers: those that earlier processes left, and those that workers begin.
/// Thread: journal() may be called from any, the rest is the writer's.
class JournalSet
{
public:
    /// start = how far each journal is in the database, by producer; files before that are removed. Errors: Io if what
    /// earlier processes left cannot be read; damaged files can, as far as they are whole.
    [[nodiscard]] static Result<std::unique_ptr<JournalSet>> open(std::filesystem::path directory,
                                                                  std::uint64_t segmentBytes,
                                                                  std::shared_ptr<JournalBudget> budget,
                                                                  std::map<int, JournalPosition> start);

    /// What earlier processes left in a directory, as the database of that name sees it.
    enum class Left : std::uint8_t { Nothing, Own, Anothers };
    /// Changes nothing; the directory need not be there. Errors: Io.
    [[nodiscard]] static Result<Left> whatIsLeft(const std::filesystem::path& directory, std::string_view database);

    /// What is in directory is from now on database's, that is its name; url is how people call it. Errors: Conflict if
    /// another one's records are there, Io.
    [[nodiscard]] static Result<void> claim(const std::filesystem::path& directory, std::string_view database,
                                            std::string_view url);

    /// Of one worker, made when it is asked for first.
    [[nodiscard]] std::shared_ptr<Journal> journal(int producer);
    /// By producer. They live as long as this.
    [[nodiscard]] std::vector<JournalReader*> readers();
    /// All of them read what this process records.
    [[nodiscard]] bool areRecovered();
    /// See Journal::maintain.
    void maintain();
    /// Each goes back to what was released last.
    void rewind();
    /// See JournalReader::release; by producer.
    void release(const std::map<int, JournalPosition>& positions);
    /// See JournalReader::removeIfDrained.
    void removeDrained();

private:
    JournalSet(std::filesystem::path directory, std::uint64_t segmentBytes, std::shared_ptr<JournalBudget> budget);
    [[nodiscard]] Result<void> take(int producer, const std::vector<SegmentName>& names, const JournalPosition& start);

    const std::filesystem::path m_directory;
    const std::uint64_t m_segmentBytes;
    const std::shared_ptr<JournalBudget> m_budget;

    std::mutex m_mutex;
    std::map<int, std::unique_ptr<JournalReader>> m_readers; ///< never shrinks
    std::map<int, std::uint64_t> m_firstNumbers;             ///< for journals not begun yet
};

} // namespace luthien::store
