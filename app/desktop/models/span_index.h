// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace luthien::desktop {

/// What a span of time was spent on. Where several share a pixel, the greatest is seen: what was blocked never hides
/// behind what was not.
enum class SpanTone : std::uint8_t { Model, Agent, Tool, Changed, Person, Failed, Blocked };

/// A piece of time, in microseconds since 1970. It may be of no length.
struct Span
{
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::uint32_t owner = 0; ///< whose it is: the position of a call
    SpanTone tone = SpanTone::Model;

    bool operator==(const Span&) const = default;
};

/// Columns of pixels in one colour.
struct SpanBar
{
    int first = 0;
    int end = 0; ///< not in it
    std::uint32_t owner = 0;
    SpanTone tone = SpanTone::Model;
    bool isWhole = true; ///< it shows one span; false = spans that share a column

    bool operator==(const SpanBar&) const = default;
};

/// Some columns of pixels that spans are drawn into.
class SpanColumns
{
public:
    /// Columns of equal length from one time to another. count, to - from > 0
    SpanColumns(std::int64_t from, std::int64_t to, int count);

    [[nodiscard]] std::int64_t from() const noexcept { return m_from; }
    [[nodiscard]] std::int64_t to() const noexcept { return m_to; }
    /// The column a time is in; -1 and count() = before and after all of them.
    [[nodiscard]] int columnOf(std::int64_t time) const noexcept;
    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_columns.size()); }
    /// Each span takes a column at least. Of equal tones the first that came stays.
    void draw(const Span& span);
    /// Several spans, all of them within the column of this time.
    void drawMany(std::int64_t time, const Span& greatest);
    [[nodiscard]] std::vector<SpanBar> bars() const;

private:
    struct Column
    {
        std::uint32_t owner = 0;
        SpanTone tone = SpanTone::Model;
        bool isUsed = false;
        bool isShared = false;
    };
    void take(Column& column, const Span& span, bool isShared);

    std::int64_t m_from;
    std::int64_t m_to;
    std::vector<Column> m_columns;
};

/// Spans in the order of their begin, with a tree over them, so that drawing any part costs what is seen, not what
/// there is: 100,000 spans in 1,000 columns take as long as some thousand. Spans that all overlap cost their number.
class SpanIndex
{
public:
    SpanIndex() = default;
    explicit SpanIndex(std::vector<Span> spans);

    [[nodiscard]] std::size_t size() const noexcept { return m_spans.size(); }
    [[nodiscard]] const std::vector<Span>& spans() const noexcept { return m_spans; }
    /// Where the last one ends; 0 = there is none.
    [[nodiscard]] std::int64_t end() const;
    void draw(SpanColumns& columns) const;
    /// How many begin from one time to another, the second not in it.
    [[nodiscard]] std::size_t begunIn(std::int64_t from, std::int64_t to) const;

private:
    /// Of some spans, or of some nodes of the level below.
    struct Node
    {
        std::int64_t from = 0;
        std::int64_t to = 0;        ///< where the last one ends
        std::uint32_t greatest = 0; ///< of the spans: the first with the greatest tone
    };
    void draw(SpanColumns& columns, std::size_t level, std::size_t index) const;

    std::vector<Span> m_spans;
    std::vector<std::vector<Node>> m_levels; ///< from the leaves to the root
};

} // namespace luthien::desktop
