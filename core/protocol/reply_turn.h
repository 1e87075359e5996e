// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/json_splice.h"
#include "protocol/json_tree.h"
#include "protocol/next_turn.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What the turns of the APIs share.
namespace luthien::protocol {

[[nodiscard]] Error cannotSayAgain(std::string_view why, std::string_view where = {});

/// The results of a reply's calls, asked for in the calls' order.
class OutputTexts
{
public:
    explicit OutputTexts(std::span<const ToolOutput> outputs)
        : m_outputs(outputs.begin(), outputs.end())
    {
    }

    /// What the model is told about this call. An output is for the first call that has its id, or, if it has none,
    /// its name; it is used once.
    [[nodiscard]] std::string of(std::string_view id, std::string_view name);

private:
    std::vector<ToolOutput> m_outputs;
};

/// Reads each event strictly; the first one that cannot be read, or that the API's turn does not understand, is what
/// nextRequest() will answer.
class JsonTurn : public ReplyTurn
{
public:
    void event(const ReplyEvent& event) final;
    Result<std::string> nextRequest(std::string_view body, std::span<const ToolOutput> outputs) const final;

protected:
    /// An event's JSON, or an element of a body that is a list.
    virtual Result<void> read(JsonNode root) = 0;
    /// "[DONE]".
    virtual void readDone() {}
    [[nodiscard]] virtual bool isComplete() const = 0;
    [[nodiscard]] virtual Result<std::string> write(JsonNode request, std::string_view body,
                                                    OutputTexts outputs) const = 0;

private:
    std::string m_fault;
};

/// A body with messages at the end of one of its lists. Errors: InvalidInput if it has no such list.
[[nodiscard]] Result<std::string> withMessages(std::string_view body, JsonNode list,
                                               std::span<const std::string> messages);
/// Arguments that came as text, as JSON: an empty text is an empty object. Errors: InvalidInput if they are no object.
[[nodiscard]] Result<std::string> argumentsObject(std::string_view text);

// One for each API; null never.
[[nodiscard]] std::unique_ptr<ReplyTurn> makeAnthropicTurn();
[[nodiscard]] std::unique_ptr<ReplyTurn> makeOpenAiChatTurn();
[[nodiscard]] std::unique_ptr<ReplyTurn> makeOpenAiResponsesTurn();
[[nodiscard]] std::unique_ptr<ReplyTurn> makeGeminiTurn();
[[nodiscard]] std::unique_ptr<ReplyTurn> makeOllamaTurn();

} // namespace luthien::protocol
