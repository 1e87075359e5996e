// SPDX-License-Identifier: Apache-2.0
#include "guard/mapped_text.h"

#include <algorithm>
#include <iterator>

namespace luthien::guard {

std::vector<MappedText::Run>::const_iterator MappedText::firstRunAfter(std::size_t index) const
{
    return std::upper_bound(m_more.begin(), m_more.end(), index,
                            [](std::size_t wanted, const Run& run) { return wanted < run.at; });
}

const MappedText::Run& MappedText::runOf(std::size_t index) const
{
    const auto next = firstRunAfter(index);
    return next == m_more.begin() ? m_first : *std::prev(next);
}

void MappedText::appendRuns(const MappedText& other, std::size_t begin, std::size_t end)
{
    auto next = other.firstRunAfter(begin);
    std::size_t origin = other.originAt(begin);
    while (true) {
        const std::size_t runEnd = next == other.m_more.end() ? end : std::min<std::size_t>(next->at, end);
        continueFrom(origin);
        m_text.append(other.m_text, begin, runEnd - begin);
        if (runEnd == end)
            return;
        begin = runEnd;
        origin = next->origin;
        ++next;
    }
}

TextSpan MappedText::origin(TextSpan span) const
{
    if (m_text.empty())
        return {};
    const std::size_t last = m_text.size() - 1;
    const std::size_t first = originAt(std::min(span.begin, last));
    const std::size_t end = span.end == 0 ? 0 : originAt(std::min(span.end - 1, last)) + 1;
    return {first, end > first ? end : first + 1};
}

} // namespace luthien::guard
