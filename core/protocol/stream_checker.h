// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/api.h"

#include <memory>
#include <string_view>

namespace luthien::protocol {

/// Follows a reply as its client gets it and says where it breaks the rules its API's clients rely on: starts before
/// deltas, numbers without gaps, every block closed, a stop reason that fits the calls, one terminal event. Unknown
/// events are none of its business. What real providers do against their own documentation and clients put up with is
/// allowed: each checker says so where it stands; every recording of tests/data/corpus passes. Keeps numbers, names and
/// fingerprints of texts, never the texts. Cost: 0.3 to 0.5 us for a usual delta of 150
/// bytes (bench_decode, -O1, two shared cores). Thread: one at a time.
class StreamChecker
{
public:
    virtual ~StreamChecker() = default;

    /// The next event that has data, or a whole body (type empty). Of Gemini's lists and Ollama's lines each element is
    /// an event without a type. Errors: InvalidInput: the rule, as one sentence. What follows a breach is not judged.
    [[nodiscard]] virtual Result<void> event(std::string_view type, std::string_view data) = 0;
    /// Nothing follows.
    [[nodiscard]] virtual Result<void> end() = 0;
};

/// Null = we have none for that API.
[[nodiscard]] std::unique_ptr<StreamChecker> makeStreamChecker(conversation::Api api);

} // namespace luthien::protocol
