// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace luthien::test {

/// What the crashing process writes to its pipe once an event is recorded; small enough for one atomic write.
struct Acknowledged
{
    std::array<std::uint8_t, 16> call;
    std::uint32_t seq;
    std::uint32_t isOver;    ///< it was the call's last event
    std::uint32_t decisions; ///< of the call so far
};

inline Acknowledged acknowledged(CallId call, std::uint32_t seq, std::uint32_t isOver, std::uint32_t decisions)
{
    Acknowledged done{{}, seq, isOver, decisions};
    std::ranges::copy(call.bytes(), done.call.begin());
    return done;
}

/// The bytes of an event, known from its place.
inline std::string crashBytes(CallId call, std::uint32_t seq)
{
    return call.toString() + ':' + std::to_string(seq) + std::string(seq % 300, 'x');
}

} // namespace luthien::test
