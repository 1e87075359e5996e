// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/reply_editing.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the editors of Messages' streams and bodies share.
namespace luthien::protocol::anthropic {

/// Who runs a block; nothing for blocks that are no calls. A kind of call we do not know is taken for the client's.
[[nodiscard]] std::optional<conversation::Executor> executorOf(std::string_view blockType) noexcept;
/// True if some object in there is a client's call.
[[nodiscard]] bool holdsCall(const boost::json::value& value);
/// The call a block begins, without arguments. Errors: names that are no texts.
[[nodiscard]] Result<GuardedCall> readCall(const boost::json::object& block, conversation::Executor executor,
                                           std::uint32_t index);
/// True if the block brings its arguments itself instead of by deltas.
[[nodiscard]] bool hasInput(const boost::json::object& block);
[[nodiscard]] boost::json::object noticeBlock(std::string_view notice);
/// True if that is why the message, or its delta, says it stopped.
[[nodiscard]] bool saysToolUse(const boost::json::object& parent);
/// True if calls were blocked and none of the client's is left.
[[nodiscard]] bool isNoneLeft(const std::vector<GuardedCall>& calls);
[[nodiscard]] std::string noticesOf(const std::vector<GuardedCall>& calls);
/// The block the notices stand before: the first released call, or else the first blocked one.
[[nodiscard]] std::uint32_t noticePlace(const std::vector<GuardedCall>& calls);

} // namespace luthien::protocol::anthropic
