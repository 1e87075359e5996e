// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/expression.h"
#include "filter/facts.h"

#include <boost/json/value.hpp>

#include <optional>

namespace luthien::filter {

/// A tool call whose arguments are parsed once they are asked for, and then once.
class ToolCall
{
public:
    explicit ToolCall(const conversation::Block& block)
        : m_block(block)
    {
    }
    [[nodiscard]] const conversation::Block& block() const noexcept { return m_block; }
    /// Null = free text, or not to be read as JSON. Of duplicate members the last counts.
    [[nodiscard]] const boost::json::value* arguments() const;

private:
    const conversation::Block& m_block;
    mutable bool m_isParsed = false;
    mutable std::optional<boost::json::value> m_arguments;
};

/// One term about what its predicate's subject is.
[[nodiscard]] bool matches(const Term& term, const CallFacts& call, TimePoint now);
[[nodiscard]] bool matches(const Term& term, const conversation::Decision& decision);
[[nodiscard]] bool matches(const Term& term, const ToolCall& tool);

} // namespace luthien::filter
