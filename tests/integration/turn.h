// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"
#include "conversation/response.h"

#include <string>
#include <string_view>

namespace luthien::test {

/// A model's reply to one question in five APIs: some text, then calls of tools.
struct ScriptedCall
{
    std::string id;
    std::string name;
    std::string arguments; ///< JSON
};
struct ScriptedTurn
{
    std::string text; ///< empty = the reply begins with its first call
    std::vector<ScriptedCall> calls;
};
/// The reply as a stream, one element an event on the wire; arguments come in three pieces.
[[nodiscard]] std::vector<std::string> streamOf(conversation::Api api, const ScriptedTurn& turn);
[[nodiscard]] std::string bodyOf(conversation::Api api, const ScriptedTurn& turn);

/// What asks for it: path, body, and the media type of the reply.
[[nodiscard]] std::string pathOf(conversation::Api api, bool stream);
[[nodiscard]] std::string requestOf(conversation::Api api, bool stream);
[[nodiscard]] std::string contentType(conversation::Api api, bool stream);

/// What a client of the API makes of a reply's bytes.
[[nodiscard]] conversation::Response folded(conversation::Api api, bool stream, std::string_view bytes);

} // namespace luthien::test
