// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/text_diff.h"

#include "desktop/models/text_cutter.h"
#include "desktop/models/visible_text.h"

#include <QStringList>

#include <algorithm>
#include <iterator>

namespace luthien::desktop {

namespace {
constexpr std::size_t kContextLines = 3;
constexpr std::size_t kMostLines = 2'000;
constexpr std::size_t kMostBytes = 256 * 1024; ///< of each text
// Myers's search costs lines times differences: past this many the texts have little in common anyway.
constexpr int kMostDifferences = 400;

/// What is kept of two sequences that are compared: pairs of equal items, in order.
using Pairs = std::vector<std::pair<qsizetype, qsizetype>>;

/// The steps of Myers, "An O(ND) Difference Algorithm", 1986, over one part of two sequences.
class Search
{
public:
    Search(const QList<QStringView>& before, const QList<QStringView>& after)
        : m_before(before)
        , m_after(after)
    {
    }

    /// Pairs of a shortest script; none if it is longer than the bound.
    Pairs run()
    {
        // Equal ends cost nothing.
        qsizetype begin = 0;
        const qsizetype shorter = std::min(m_before.size(), m_after.size());
        while (begin < shorter && m_before[begin] == m_after[begin])
            ++begin;
        qsizetype end = 0;
        while (end < shorter - begin && m_before[m_before.size() - 1 - end] == m_after[m_after.size() - 1 - end])
            ++end;
        Pairs pairs;
        for (qsizetype i = 0; i < begin; ++i)
            pairs.emplace_back(i, i);
        middle(begin, m_before.size() - end, m_after.size() - end, pairs);
        for (qsizetype i = end; i > 0; --i)
            pairs.emplace_back(m_before.size() - i, m_after.size() - i);
        return pairs;
    }

private:
    void middle(qsizetype begin, qsizetype beforeEnd, qsizetype afterEnd, Pairs& pairs)
    {
        const qsizetype width = beforeEnd - begin;
        const qsizetype height = afterEnd - begin;
        if (width == 0 || height == 0)
            return;
        const int most = static_cast<int>(std::min<qsizetype>(width + height, kMostDifferences));
        std::vector<qsizetype> reach(2 * static_cast<std::size_t>(most) + 3, 0);
        std::vector<std::vector<qsizetype>> history;
        const auto at = [most](int diagonal) {
            return static_cast<std::size_t>(diagonal) + static_cast<std::size_t>(most) + 1;
        };
        for (int edits = 0; edits <= most; ++edits) {
            history.push_back(reach);
            for (int diagonal = -edits; diagonal <= edits; diagonal += 2) {
                const bool down =
                    diagonal == -edits || (diagonal != edits && reach[at(diagonal - 1)] < reach[at(diagonal + 1)]);
                qsizetype x = down ? reach[at(diagonal + 1)] : reach[at(diagonal - 1)] + 1;
                while (x < width && x - diagonal < height && x >= diagonal &&
                       m_before[begin + x] == m_after[begin + x - diagonal])
                    ++x;
                reach[at(diagonal)] = x;
                if (x >= width && x - diagonal >= height)
                    return walkBack(begin, width, height, history, at, pairs);
            }
        }
    }

    template <typename At>
    void walkBack(qsizetype begin, qsizetype x, qsizetype y, const std::vector<std::vector<qsizetype>>& history, At at,
                  Pairs& pairs)
    {
        Pairs found;
        for (int edits = static_cast<int>(history.size()) - 1; edits >= 0 && (x > 0 || y > 0); --edits) {
            const std::vector<qsizetype>& reach = history[static_cast<std::size_t>(edits)];
            const int diagonal = static_cast<int>(x - y);
            const bool down =
                diagonal == -edits || (diagonal != edits && reach[at(diagonal - 1)] < reach[at(diagonal + 1)]);
            const int previous = down ? diagonal + 1 : diagonal - 1;
            const qsizetype fromX = edits == 0 ? 0 : reach[at(previous)];
            const qsizetype fromY = edits == 0 ? 0 : fromX - previous;
            while (x > fromX && y > fromY) {
                --x;
                --y;
                found.emplace_back(begin + x, begin + y);
            }
            if (edits > 0) {
                x = fromX;
                y = fromY;
            }
        }
        pairs.insert(pairs.end(), found.rbegin(), found.rend());
    }

    const QList<QStringView>& m_before;
    const QList<QStringView>& m_after;
};

QList<QStringView> wordsOf(const QString& line)
{
    QList<QStringView> words;
    const auto kind = [](QChar c) { return c.isLetterOrNumber() || c == u'_' ? 1 : c.isSpace() ? 2 : 0; };
    for (qsizetype begin = 0; begin < line.size();) {
        qsizetype end = begin + 1;
        while (end < line.size() && kind(line[begin]) != 0 && kind(line[end]) == kind(line[begin]))
            ++end;
        words += QStringView(line).mid(begin, end - begin);
        begin = end;
    }
    return words;
}

/// Where the words stand that are in no pair; neighbours as one.
QList<int> marksOf(const QString& line, const QList<QStringView>& words, const std::vector<bool>& isKept)
{
    QList<int> marks;
    for (qsizetype i = 0; i < words.size(); ++i) {
        if (isKept[static_cast<std::size_t>(i)])
            continue;
        const auto begin = static_cast<int>(words[i].data() - line.constData());
        if (!marks.isEmpty() && marks[marks.size() - 2] + marks.back() == begin)
            marks.back() += static_cast<int>(words[i].size());
        else
            marks << begin << static_cast<int>(words[i].size());
    }
    return marks;
}

DiffLine changedLine(const QString& before, const QString& after)
{
    const QList<QStringView> beforeWords = wordsOf(before);
    const QList<QStringView> afterWords = wordsOf(after);
    std::vector<bool> keptBefore(static_cast<std::size_t>(beforeWords.size()));
    std::vector<bool> keptAfter(static_cast<std::size_t>(afterWords.size()));
    for (const auto& [x, y] : Search(beforeWords, afterWords).run()) {
        keptBefore[static_cast<std::size_t>(x)] = true;
        keptAfter[static_cast<std::size_t>(y)] = true;
    }
    return {.kind = DiffLine::Kind::Changed,
            .before = before,
            .after = after,
            .beforeMarks = marksOf(before, beforeWords, keptBefore),
            .afterMarks = marksOf(after, afterWords, keptAfter)};
}

/// Lines that a row can show; longer ones are cut.
QStringList linesOf(std::string_view text)
{
    QStringList lines;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        const std::size_t cut = cutPoint(line, kLongestLine);
        lines += visibleText(line.substr(0, cut));
        text.remove_prefix(std::min(text.size(), cut == line.size() ? cut + 1 : cut));
    }
    return lines;
}

/// The lines between two pairs: those that stand at the same place are compared by words.
void addDifferent(std::vector<DiffLine>& lines, const QStringList& before, const QStringList& after)
{
    const qsizetype both = std::min(before.size(), after.size());
    for (qsizetype i = 0; i < both; ++i)
        lines.push_back(changedLine(before[i], after[i]));
    for (qsizetype i = both; i < before.size(); ++i)
        lines.push_back({.kind = DiffLine::Kind::Removed, .before = before[i]});
    for (qsizetype i = both; i < after.size(); ++i)
        lines.push_back({.kind = DiffLine::Kind::Added, .after = after[i]});
}

std::vector<DiffLine> allLines(const QStringList& before, const QStringList& after)
{
    const QList<QStringView> left(before.begin(), before.end());
    const QList<QStringView> right(after.begin(), after.end());
    Pairs pairs = Search(left, right).run();
    pairs.emplace_back(before.size(), after.size());
    std::vector<DiffLine> lines;
    qsizetype x = 0;
    qsizetype y = 0;
    for (const auto& [nextX, nextY] : pairs) {
        addDifferent(lines, before.mid(x, nextX - x), after.mid(y, nextY - y));
        if (nextX < before.size())
            lines.push_back({.before = before[nextX], .after = after[nextY]});
        x = nextX + 1;
        y = nextY + 1;
    }
    return lines;
}

/// Leaves out equal lines that are far from a change, and everything past the bound.
std::vector<DiffLine> shortened(std::vector<DiffLine> lines)
{
    const auto isChange = [](const DiffLine& line) { return line.kind != DiffLine::Kind::Same; };
    std::vector<bool> isNear(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (isChange(lines[i]))
            for (std::size_t near = i - std::min(i, kContextLines); near <= i + kContextLines && near < lines.size();
                 ++near)
                isNear[near] = true;
    std::vector<DiffLine> shown;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (isNear[i] && shown.size() < kMostLines)
            shown.push_back(std::move(lines[i]));
        else if (!shown.empty() && shown.back().kind == DiffLine::Kind::Skipped)
            ++shown.back().count;
        else
            shown.push_back({.kind = DiffLine::Kind::Skipped});
    }
    return shown;
}
} // namespace

std::vector<DiffLine> diffTexts(std::string_view before, std::string_view after)
{
    std::vector<DiffLine> lines =
        shortened(allLines(linesOf(before.substr(0, kMostBytes)), linesOf(after.substr(0, kMostBytes))));
    const std::string_view longer = before.size() > after.size() ? before : after;
    if (longer.size() > kMostBytes)
        lines.push_back({.kind = DiffLine::Kind::Skipped,
                         .count = 1 + static_cast<int>(std::count(longer.begin() + kMostBytes, longer.end(), '\n'))});
    return lines;
}

} // namespace luthien::desktop
