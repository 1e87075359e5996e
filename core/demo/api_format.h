// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"
#include "demo/model_script.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::demo {

enum class ReplyForm : std::uint8_t { Streamed, Whole };

/// One API as the demo's agent and provider write it; both read through the dialect of protocol/. Thread: any.
class ApiFormat
{
public:
    virtual ~ApiFormat() = default;

    [[nodiscard]] virtual std::string_view path() const noexcept = 0;
    /// The agent's request with the whole conversation so far and its one tool.
    [[nodiscard]] virtual std::string requestBody(std::span<const Message> conversation, ReplyForm form) const = 0;
    /// The provider's reply as server-sent events, texts and arguments in small pieces. mark is part of every id in it.
    [[nodiscard]] virtual std::vector<std::string> replyEvents(const ModelTurn& turn,
                                                               const std::string& mark) const = 0;
    [[nodiscard]] virtual std::string replyBody(const ModelTurn& turn, const std::string& mark) const = 0;
};

/// Null for an API the demo does not speak: Messages and Responses are what it does.
[[nodiscard]] const ApiFormat* formatFor(conversation::Api api) noexcept;
[[nodiscard]] const ApiFormat& messagesFormat() noexcept;
[[nodiscard]] const ApiFormat& responsesFormat() noexcept;

inline constexpr const char* kModel = "scripted-model";
inline constexpr const char* kSystem = "You look after the database of a small shop.";
/// Cuts text as a model's tokens would; a piece never ends inside a character.
[[nodiscard]] std::vector<std::string_view> piecesOf(std::string_view text);

} // namespace luthien::demo
