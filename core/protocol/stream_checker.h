// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/api.h"

#include <memory>
#include <string_view>

namespace luthien::protocol {

/// Follows a reply as its client gets it and says where it breaks the rules its API's clients rely on: starts before
/// deltas, numbers without gaps, every block closed, a stop reason that fits the calls, one terminal event. Unknown
/// events are none of its business. Thread: one at a time.
class StreamChecker
{
public:
    virtual ~StreamChecker() = default;

    /// The next event, or a whole body (type empty). Errors: InvalidInput: the rule, as one sentence.
    [[nodiscard]] virtual Result<void> event(std::string_view type, std::string_view data) = 0;
    /// Nothing follows.
    [[nodiscard]] virtual Result<void> end() = 0;
};

/// Null = we have none for that API.
[[nodiscard]] std::unique_ptr<StreamChecker> makeStreamChecker(conversation::Api api);

} // namespace luthien::protocol
