// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"

#include <string>
#include <string_view>

namespace luthien::archive {

/// A request as it was recorded.
struct RecordedRequest
{
    conversation::Api api = conversation::Api::Other;
    std::string_view head;    ///< requestHeadJson(): method, target and headers, credentials taken out
    std::string_view body;    ///< any bytes, not compressed
    std::string_view address; ///< of the server to ask: "http://127.0.0.1:4000"
};

/// The request as a command for bash or zsh that sends the same bytes. Where a credential stood the command names a
/// variable ($ANTHROPIC_API_KEY); nothing in it can be seen as more than one word, and no byte of it hides another.
[[nodiscard]] std::string curlCommand(const RecordedRequest& request);

/// A text as one word of bash or zsh, whatever bytes are in it, NUL excepted.
[[nodiscard]] std::string shellWord(std::string_view text);

} // namespace luthien::archive
