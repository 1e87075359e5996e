// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::store {

/// Names one journal file: which worker wrote it, and which of that worker's files it is.
struct SegmentName
{
    int producer = 0;
    std::uint64_t number = 0;

    [[nodiscard]] std::string fileName() const;
    [[nodiscard]] static std::optional<SegmentName> parse(std::string_view fileName);
    auto operator<=>(const SegmentName&) const = default;
};

/// One journal file, mapped. A record is [length u32][crc32 u32][payload], at a multiple of eight. It is there once its
/// length is stored; the file begins as zeros, so length 0 = nothing (yet). The blocks are reserved on disk before the
/// mapping is written: a mapping with holes on a full disk is killed by SIGBUS.
/// Thread: one appends, one reads; file and mapping stay until both let go.
class Segment
{
public:
    /// How much room a record of so many payload bytes takes.
    [[nodiscard]] static std::uint64_t recordBytes(std::uint64_t payload) noexcept;

    /// Errors: Unavailable when the disk is full, Io otherwise.
    [[nodiscard]] static Result<std::shared_ptr<Segment>> create(const std::filesystem::path& directory,
                                                                 SegmentName name, std::uint64_t bytes);
    /// Opens one left by an earlier process, read-only. Errors: InvalidInput if it is empty, Io otherwise.
    [[nodiscard]] static Result<std::shared_ptr<Segment>> openExisting(const std::filesystem::path& directory,
                                                                       SegmentName name);
    ~Segment();
    Segment(const Segment&) = delete;
    Segment& operator=(const Segment&) = delete;

    [[nodiscard]] SegmentName name() const noexcept { return m_name; }
    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }
    /// Where the next record goes. Thread: any.
    [[nodiscard]] std::uint64_t tail() const noexcept { return m_tail.load(std::memory_order_acquire); }

    /// Appends head + body as one record; when it returns true, the record survives the process. False = no room.
    [[nodiscard]] bool append(std::string_view head, std::string_view body) noexcept;
    /// The appender goes on in the next segment.
    void seal() noexcept;

    enum class ReadState : std::uint8_t {
        Record,
        Nothing, ///< nothing more yet
        Sealed,  ///< nothing more ever
        Torn,    ///< what follows is damaged
    };
    struct Read
    {
        ReadState state = ReadState::Nothing;
        std::string_view payload;
        std::uint64_t next = 0; ///< position after the record
    };
    /// Damage is looked for only where a process may have died or a disk may have failed in between.
    enum class Written : std::uint8_t { Before, ByThisProcess };
    [[nodiscard]] Read read(std::uint64_t position, Written when = Written::Before) const noexcept;

    /// Makes the kernel provide the next pages, so that an append never waits for it.
    void prefault(std::uint64_t aheadBytes) noexcept;
    /// Overwrites what stands before position with zeros: nobody reads it any more. Only of one that was created.
    void erase(std::uint64_t position) noexcept;
    /// Removes the file; the mapping stays until the object dies.
    void unlink() noexcept;

private:
    Segment(std::filesystem::path path, SegmentName name, char* data, std::uint64_t size);

    std::filesystem::path m_path;
    SegmentName m_name;
    char* m_data;
    std::uint64_t m_size;
    std::atomic<std::uint64_t> m_tail{0};
    std::uint64_t m_prefaulted = 0;
    std::uint64_t m_erased = 0;
};

} // namespace luthien::store
