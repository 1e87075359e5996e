// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/api.h"
#include "protocol/reply_editor.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::protocol {

/// What the model is told about one of its tool calls instead of a result.
struct ToolOutput
{
    std::string id; ///< of the call; Gemini and Ollama may have none: then the name and the order tell
    std::string name;
    std::string text;
};

/// Keeps a reply as the API wants it back in the next request: thinking with its signatures, ids, unknown members.
/// Thread: one at a time.
class ReplyTurn
{
public:
    virtual ~ReplyTurn() = default;

    /// One event of the reply as it came, or its whole body.
    virtual void event(const ReplyEvent& event) = 0;
    /// The request that asks for another answer: the body, the reply as the assistant's turn, then for each tool call
    /// the client would have run an error result; calls that outputs does not name are said not to have been run.
    /// Errors: InvalidInput if the reply is not complete or cannot be said again.
    [[nodiscard]] virtual Result<std::string> nextRequest(std::string_view body,
                                                          std::span<const ToolOutput> outputs) const = 0;
};

/// Null = we have none for that API.
[[nodiscard]] std::unique_ptr<ReplyTurn> makeReplyTurn(conversation::Api api);

/// Responses: what names the state a request goes on from; empty = it brings its whole history.
struct StateReference
{
    std::string previousResponseId;
    std::string conversationId;
};
[[nodiscard]] StateReference stateReference(conversation::Api api, std::string_view body);
/// Responses: the body with a function_call_output (or custom_tool_call_output, ...) in front of its input for each
/// output whose call it does not answer itself; the body as it is if there is none.
[[nodiscard]] Result<std::string> withToolOutputs(std::string_view body, std::span<const ToolOutput> outputs);

} // namespace luthien::protocol
