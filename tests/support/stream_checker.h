// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"

#include <QStringList>

#include <string>
#include <string_view>
#include <vector>

namespace luthien::test {

struct SentEvent
{
    std::string type;
    std::string data;
};

/// A stream's events as a client's parser gives them.
[[nodiscard]] std::vector<SentEvent> splitEvents(std::string_view bytes);

/// What the strictest clients of the API would stumble over in a stream, each breach once: gaps in the numbers,
/// deltas of blocks that are not open, stop reasons that do not fit, text that differs between its places, a missing or
/// second terminal event. Source: tests/interop, and what the official SDKs throw at.
[[nodiscard]] QStringList breaches(conversation::Api api, const std::vector<SentEvent>& events);

} // namespace luthien::test
