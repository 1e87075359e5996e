// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace luthien::desktop {

/// A mark on an axis of time.
struct TimeTick
{
    std::int64_t at = 0; ///< microseconds since the beginning
    QString text;        ///< "1:50", "1:02:03", "0:01.250" by what tells neighbours apart

    bool operator==(const TimeTick&) const = default;
};

/// Round times between two others, microseconds since the beginning; at most so many, to > from, atMost >= 2.
[[nodiscard]] std::vector<TimeTick> timeTicks(std::int64_t from, std::int64_t to, int atMost);
/// "1:50" of microseconds since the beginning; with as many decimals as a step of this length needs.
[[nodiscard]] QString elapsedText(std::int64_t micros, std::int64_t step);

} // namespace luthien::desktop
