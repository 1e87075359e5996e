// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/span_index.h"

#include <algorithm>

namespace luthien::desktop {

namespace {
constexpr std::size_t kFanOut = 16;
} // namespace

SpanColumns::SpanColumns(std::int64_t from, std::int64_t to, int count)
    : m_from(from)
    , m_to(to)
    , m_columns(static_cast<std::size_t>(count))
{
}

int SpanColumns::columnOf(std::int64_t time) const noexcept
{
    if (time < m_from)
        return -1;
    if (time >= m_to)
        return count();
    // A double: microseconds of years times thousands of columns come near the end of 64 bits.
    const double share = static_cast<double>(time - m_from) / static_cast<double>(m_to - m_from);
    return std::min(count() - 1, static_cast<int>(share * count()));
}

void SpanColumns::take(Column& column, const Span& span, bool isShared)
{
    const bool wasUsed = column.isUsed;
    if (!wasUsed || span.tone > column.tone) {
        column.owner = span.owner;
        column.tone = span.tone;
    }
    column.isUsed = true;
    column.isShared = column.isShared || wasUsed || isShared;
}

void SpanColumns::draw(const Span& span)
{
    if (span.to < m_from || span.from >= m_to)
        return;
    const int first = std::max(0, columnOf(span.from));
    const int end = std::max(first + 1, std::min(count(), columnOf(span.to)));
    for (int column = first; column < end; ++column)
        take(m_columns[static_cast<std::size_t>(column)], span, false);
}

void SpanColumns::drawMany(std::int64_t time, const Span& greatest)
{
    take(m_columns[static_cast<std::size_t>(columnOf(time))], greatest, true);
}

std::vector<SpanBar> SpanColumns::bars() const
{
    std::vector<SpanBar> bars;
    for (int i = 0; i < count(); ++i) {
        const Column& column = m_columns[static_cast<std::size_t>(i)];
        if (!column.isUsed)
            continue;
        const bool continues = !bars.empty() && bars.back().end == i && bars.back().owner == column.owner &&
                               bars.back().tone == column.tone;
        if (continues) {
            bars.back().end = i + 1;
            bars.back().isWhole = bars.back().isWhole || !column.isShared;
        } else {
            bars.push_back({i, i + 1, column.owner, column.tone, !column.isShared});
        }
    }
    return bars;
}

SpanIndex::SpanIndex(std::vector<Span> spans)
    : m_spans(std::move(spans))
{
    std::ranges::stable_sort(m_spans, {}, &Span::from);
    std::vector<Node> below;
    below.reserve(m_spans.size());
    for (std::size_t i = 0; i < m_spans.size(); ++i)
        below.push_back({m_spans[i].from, m_spans[i].to, static_cast<std::uint32_t>(i)});
    while (below.size() > 1) {
        std::vector<Node> level;
        level.reserve(below.size() / kFanOut + 1);
        for (std::size_t i = 0; i < below.size(); ++i) {
            if (i % kFanOut == 0) {
                level.push_back(below[i]);
                continue;
            }
            Node& node = level.back();
            node.to = std::max(node.to, below[i].to);
            if (m_spans[below[i].greatest].tone > m_spans[node.greatest].tone)
                node.greatest = below[i].greatest;
        }
        below = level;
        m_levels.push_back(std::move(level));
    }
}

std::int64_t SpanIndex::end() const
{
    if (!m_levels.empty())
        return m_levels.back().front().to;
    return m_spans.empty() ? 0 : m_spans.front().to;
}

void SpanIndex::draw(SpanColumns& columns) const
{
    if (m_levels.empty()) {
        for (const Span& span : m_spans)
            columns.draw(span);
        return;
    }
    draw(columns, m_levels.size() - 1, 0);
}

void SpanIndex::draw(SpanColumns& columns, std::size_t level, std::size_t index) const
{
    const Node& node = m_levels[level][index];
    if (node.to < columns.from() || node.from >= columns.to())
        return;
    const int column = columns.columnOf(node.from);
    if (column >= 0 && columns.columnOf(node.to) == column)
        return columns.drawMany(node.from, m_spans[node.greatest]);
    const std::size_t first = index * kFanOut;
    const std::size_t end = std::min(first + kFanOut, level == 0 ? m_spans.size() : m_levels[level - 1].size());
    for (std::size_t i = first; i < end; ++i) {
        if (level == 0)
            columns.draw(m_spans[i]);
        else
            draw(columns, level - 1, i);
    }
}

std::size_t SpanIndex::begunIn(std::int64_t from, std::int64_t to) const
{
    const auto first = std::ranges::lower_bound(m_spans, from, {}, &Span::from);
    const auto end = std::ranges::lower_bound(first, m_spans.end(), to, {}, &Span::from);
    return static_cast<std::size_t>(end - first);
}

} // namespace luthien::desktop
