// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"

#include <QString>

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
/// A reply's events in whatever form it came: SSE, lines, a list, or one body.
[[nodiscard]] std::vector<SentEvent> splitReply(std::string_view kind, std::string_view bytes);

/// What protocol::StreamChecker says of a reply; empty = nothing.
[[nodiscard]] QString breach(conversation::Api api, const std::vector<SentEvent>& events);

} // namespace luthien::test
