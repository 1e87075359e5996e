// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <QString>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace luthien::desktop {

/// Something a person may want to know while they look elsewhere.
struct Notice
{
    enum class Kind : std::uint8_t { Approval, Block, Truncation };
    static constexpr std::size_t kKinds = 3;

    Kind kind = Kind::Block;
    QString session; ///< where it happened; of the newest
    QString call;
    QString text;  ///< for people; of the newest
    int count = 1; ///< how many it stands for
    bool operator==(const Notice&) const = default;
};

/// Lets the first notice of a kind through at once and makes one of those that follow within a few seconds: an agent
/// that is blocked in a loop tells once, not a hundred times. Thread: one.
class NoticeQueue
{
public:
    static constexpr std::chrono::seconds kPause{5};

    void add(Notice notice);
    /// Takes out what may be shown now.
    [[nodiscard]] std::vector<Notice> due(SteadyPoint now);
    /// When there is something to take out; none = nothing waits.
    [[nodiscard]] std::optional<SteadyPoint> nextDue() const;

private:
    struct Waiting
    {
        std::optional<Notice> notice;
        SteadyPoint free{}; ///< from when on one may be shown
    };
    std::array<Waiting, Notice::kKinds> m_waiting;
};

} // namespace luthien::desktop
