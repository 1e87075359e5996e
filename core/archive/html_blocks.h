// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/block.h"
#include "conversation/decision.h"

#include <string>
#include <string_view>
#include <vector>

/// Parts of a conversation as HTML that shows and does nothing.
namespace luthien::archive {

using DecisionList = std::vector<const conversation::Decision*>;

/// A block of a message with what policies said about it: the matched parts are marked, the decisions stand below.
void appendBlock(std::string& out, const conversation::Block& block, const DecisionList& decisions = {});
void appendDecision(std::string& out, const conversation::Decision& decision);
/// The result of a tool call; toolName may be empty.
void appendToolResult(std::string& out, const conversation::Block& block, std::string_view toolName);

} // namespace luthien::archive
