// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace luthien::store {

/// Whether what is recorded reaches the database; while it does not, the journal keeps it.
enum class StoreState : std::uint8_t {
    Ok,
    Recovering,  ///< the database works, and takes in what the journal kept: after trouble, or at the start
    Slow,        ///< commits take so long that the database is given a rest between them
    Broken,      ///< the database cannot be written, or does not answer; tried again
    DiskFull,    ///< of the database, or of the journal
    JournalFull, ///< all its quota waits for the database
};
/// "ok", "recovering", "slow", "database_unavailable", "disk_full", "journal_full".
[[nodiscard]] std::string_view storeStateName(StoreState state) noexcept;

struct StoreHealth
{
    StoreState state = StoreState::Ok;
    /// False = the journal has no room: agents wait until it has some again.
    bool isRecording = true;
    std::uint64_t backlogBytes = 0; ///< recorded, and not in the database
    std::string reason;             ///< what the database said; may be empty
    std::string notRemoved;         ///< see RemovalRounds::refusals
};

/// "the disk has not answered for 21 s"
[[nodiscard]] std::string silenceText(std::string_view who, std::chrono::milliseconds silence);
/// What is wrong and what becomes of calls meanwhile, for people; empty while all is well.
[[nodiscard]] std::string describe(const StoreHealth& health);

} // namespace luthien::store
