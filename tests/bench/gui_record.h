// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace luthien::bench {

/// What the window is measured over.
struct GuiRecord
{
    int sessions = 1'000'000;     ///< rows of the list
    int turns = 10'000;           ///< of one session, the second newest
    int messageBytes = 1'000'000; ///< of one reply, in the newest session
};
inline constexpr const char* kLongSession = "bench-long";
inline constexpr const char* kLargeSession = "bench-large";

/// Records it into an empty directory: the two sessions as a worker does, the other rows by SQL. False = it failed, and
/// said why.
[[nodiscard]] bool fillRecord(const QString& directory, const GuiRecord& record);

} // namespace luthien::bench
