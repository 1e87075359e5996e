// SPDX-License-Identifier: Apache-2.0
#include "policy/text_change.h"

#include "policy/notice.h"

namespace luthien::policy {

namespace {
/// One byte more than is kept, so that a cut character can be told from a whole one.
void keep(std::string& kept, std::string_view part, std::size_t most)
{
    if (kept.size() <= most)
        kept += part.substr(0, most + 1 - kept.size());
}
} // namespace

void TextChange::in(std::string_view part)
{
    keep(m_original, part, m_maxKept);
    if (!m_differs)
        m_unmatched += part;
}

void TextChange::out(std::string_view part)
{
    keep(m_result, part, m_maxKept);
    if (m_differs)
        return;
    m_differs = !m_unmatched.starts_with(part);
    m_unmatched.erase(0, m_differs ? m_unmatched.size() : part.size());
}

std::string_view TextChange::original() const noexcept
{
    return boundedText(m_original, m_maxKept);
}

std::string_view TextChange::result() const noexcept
{
    return boundedText(m_result, m_maxKept);
}

} // namespace luthien::policy
