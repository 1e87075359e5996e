// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/finding.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace luthien::guard {

/// Collects findings of the wanted classes, each statement once, at most kMaxFindings; and counts the bytes that were
/// read for them, which text inside text inside text could otherwise multiply.
class FindingList
{
public:
    static constexpr std::size_t kMaxFindings = 64;

    FindingList(SqlClasses wanted, std::size_t byteBudget)
        : m_wanted(wanted)
        , m_byteBudget(byteBudget)
    {
    }

    /// Call before reading so many bytes. False, and an Unparsed finding, if the budget does not allow it.
    [[nodiscard]] bool spend(std::size_t bytes);

    /// statement may be longer than what is kept of it.
    void add(SqlClass what, TextSpan span, std::string_view statement, std::string_view reason);

    [[nodiscard]] std::size_t size() const noexcept { return m_findings.size(); }
    /// Nothing more is kept, so nothing more need be looked for.
    [[nodiscard]] bool isFull() const noexcept { return m_findings.size() == kMaxFindings; }
    /// In the order of the text.
    [[nodiscard]] std::vector<Finding> take();

private:
    SqlClasses m_wanted;
    std::size_t m_byteBudget;
    std::vector<Finding> m_findings;
};

} // namespace luthien::guard
