// SPDX-License-Identifier: Apache-2.0
#include "store/store_health.h"

#include <array>

namespace luthien::store {

namespace {
/// "812 KB", "1.4 GB"
std::string sizeText(std::uint64_t bytes)
{
    constexpr std::array kUnits = {" KB", " MB", " GB"};
    constexpr std::uint64_t kStep = 1024;
    std::uint64_t tenths = bytes * 10 / kStep;
    std::size_t unit = 0;
    for (; tenths >= kStep * 10 && unit + 1 < kUnits.size(); ++unit)
        tenths /= kStep;
    const bool isShort = tenths < 100 && unit > 0;
    return std::to_string(tenths / 10) + (isShort ? '.' + std::to_string(tenths % 10) : std::string()) + kUnits[unit];
}

/// Whether calls go on.
std::string consequence(const StoreHealth& health)
{
    if (!health.isRecording)
        return " Agents wait: nothing passes that cannot be recorded.";
    return " Calls go on; the journal keeps what is recorded (" + sizeText(health.backlogBytes) + ").";
}

std::string withReason(const StoreHealth& health)
{
    return health.reason.empty() ? std::string() : " (" + health.reason + ')';
}

std::string stateText(const StoreHealth& health)
{
    switch (health.state) {
    case StoreState::Ok:
        return {};
    case StoreState::Recovering:
        return "Catching up: " + sizeText(health.backlogBytes) + " of the journal are not in the database yet.";
    case StoreState::Slow:
        return "The database is slow, and is given a rest between commits." + consequence(health);
    case StoreState::Broken:
        return "The database cannot be written." + consequence(health) + withReason(health);
    case StoreState::DiskFull:
        return "The disk is full: free some space." + consequence(health) + withReason(health);
    case StoreState::JournalFull:
        return "The journal is full: " + sizeText(health.backlogBytes) + " wait for the database." +
               consequence(health) + withReason(health);
    }
    return {};
}
} // namespace

std::string_view storeStateName(StoreState state) noexcept
{
    switch (state) {
    case StoreState::Ok:
        return "ok";
    case StoreState::Recovering:
        return "recovering";
    case StoreState::Slow:
        return "slow";
    case StoreState::Broken:
        return "database_unavailable";
    case StoreState::DiskFull:
        return "disk_full";
    case StoreState::JournalFull:
        return "journal_full";
    }
    return "";
}

std::string silenceText(std::string_view who, std::chrono::milliseconds silence)
{
    return std::string(who) + " has not answered for " +
           std::to_string(std::chrono::ceil<std::chrono::seconds>(silence).count()) + " s";
}

std::string describe(const StoreHealth& health)
{
    const std::string state = stateText(health);
    const bool hasBoth = !state.empty() && !health.notRemoved.empty();
    return state + (hasBoth ? " " : "") + health.notRemoved;
}

} // namespace luthien::store
