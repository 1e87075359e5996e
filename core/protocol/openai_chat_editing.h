// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/reply_editing.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

// What the editors of Chat's chunks and bodies share.
namespace luthien::protocol::openai_chat {

/// The one call of the deprecated function_call member has no index.
inline constexpr std::uint32_t kLegacyCall = std::numeric_limits<std::uint32_t>::max();

/// One entry of tool_calls, or a function_call.
struct CallPart
{
    std::uint32_t index = 0;
    bool isFreeText = false;
    std::string_view id;
    std::string_view name;
    std::string_view arguments;
};
/// A whole body's calls need no index: their place says it.
[[nodiscard]] Result<CallPart> readCallPart(const boost::json::object& call, std::optional<std::uint32_t> place);
/// Calls each(part) for every call in a delta or message.
[[nodiscard]] Result<void> forEachCall(const boost::json::object& parent, bool isWhole,
                                       const std::function<Result<void>(const CallPart&)>& each);

/// True if a call stands somewhere else than in the delta or message of a choice.
[[nodiscard]] bool hidesCall(const boost::json::object& chunk, std::string_view placeOfCalls);

enum class Form { Pieces, Whole };
/// Takes the calls that are gone out of a delta or message, counts the others without gaps, and puts new arguments in.
/// In a stream all of them stand in the piece that isFirst is true for; the call's later pieces go.
void carryOutCalls(boost::json::object& parent, std::uint32_t choice, const std::vector<GuardedCall>& calls, Form form,
                   const std::function<bool(const GuardedCall&)>& isFirst);
/// Calls each(text) for the thoughts in a delta or message.
void forEachThought(const boost::json::object& parent, const std::function<void(std::string_view)>& each);
/// Puts text behind what the content says already.
void appendContent(boost::json::object& parent, std::string_view text);
/// True if the text is not empty, whatever its form.
[[nodiscard]] bool hasContent(const boost::json::object& parent);
/// Makes the finish reason fit: "stop" if a call was blocked and none is left, or the choice ends where we end it.
void fitFinishReason(boost::json::object& choice, std::uint32_t number, const std::vector<GuardedCall>& calls);
[[nodiscard]] bool hasBlocked(std::uint32_t choice, const std::vector<GuardedCall>& calls);
/// True if something in the choice must be rewritten.
[[nodiscard]] bool isTouched(std::uint32_t choice, const std::vector<GuardedCall>& calls);
[[nodiscard]] std::string noticesOf(std::uint32_t choice, const std::vector<GuardedCall>& calls);

} // namespace luthien::protocol::openai_chat
