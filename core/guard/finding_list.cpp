// SPDX-License-Identifier: Apache-2.0
#include "guard/finding_list.h"

#include <algorithm>
#include <utility>

namespace luthien::guard {

namespace {
/// The longest start of text that fits and does not end inside a UTF-8 sequence.
std::string_view head(std::string_view text)
{
    if (text.size() <= kStatementBytes)
        return text;
    std::size_t end = kStatementBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end);
}
} // namespace

void FindingList::add(SqlClass what, TextSpan span, std::string_view statement, std::string_view reason)
{
    if (!m_wanted.contains(what) || m_findings.size() >= kMaxFindings)
        return;
    const bool known = std::any_of(m_findings.begin(), m_findings.end(), [&](const Finding& finding) {
        return finding.what == what && finding.span.begin == span.begin;
    });
    if (!known)
        m_findings.push_back({what, span, std::string(head(statement)), std::string(reason)});
}

bool FindingList::spend(std::size_t bytes)
{
    if (bytes <= m_byteBudget) {
        m_byteBudget -= bytes;
        return true;
    }
    add(SqlClass::Unparsed, {0, 1}, "", "the text unfolds into more text than is read");
    return false;
}

std::vector<Finding> FindingList::take()
{
    std::stable_sort(m_findings.begin(), m_findings.end(),
                     [](const Finding& a, const Finding& b) { return a.span.begin < b.span.begin; });
    return std::move(m_findings);
}

} // namespace luthien::guard
