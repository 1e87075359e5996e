// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/fuzzy_match.h"

#include <QString>

#include <algorithm>
#include <limits>
#include <vector>

namespace luthien::desktop {

namespace {
constexpr qsizetype kTextLength = 200;
constexpr qsizetype kQueryLength = 64;
constexpr int kLetter = 1;
constexpr int kWordBegin = 8;
constexpr int kFollows = 9; // a piece of a word is more than as many words that begin with its letters
constexpr int kTextBegin = 4;
constexpr int kImpossible = std::numeric_limits<int>::min() / 2;

bool beginsWord(QStringView text, qsizetype at)
{
    if (at == 0)
        return true;
    const QChar before = text.at(at - 1);
    return !before.isLetterOrNumber() || (before.isLower() && text.at(at).isUpper());
}

/// Best sums for "the i-th letter of the query stands at the j-th place of the text".
class Grid
{
public:
    Grid(QStringView query, QStringView text)
        : m_query(query)
        , m_text(text)
        , m_ending(static_cast<std::size_t>(query.size() * text.size()), kImpossible)
        , m_from(m_ending.size(), -1)
    {
        for (qsizetype i = 0; i < query.size(); ++i)
            fillRow(i);
    }

    [[nodiscard]] std::optional<FuzzyMatch> best() const
    {
        const qsizetype last = m_query.size() - 1;
        qsizetype at = 0;
        for (qsizetype j = 1; j < m_text.size(); ++j)
            if (ending(last, j) > ending(last, at))
                at = j;
        if (ending(last, at) <= kImpossible)
            return {};
        FuzzyMatch match{.score = ending(last, at), .positions = QList<int>(m_query.size())};
        for (qsizetype i = last; i >= 0; --i) {
            match.positions[i] = static_cast<int>(at);
            at = m_from[place(i, at)];
        }
        return match;
    }

private:
    [[nodiscard]] std::size_t place(qsizetype i, qsizetype j) const
    {
        return static_cast<std::size_t>(i * m_text.size() + j);
    }
    [[nodiscard]] int ending(qsizetype i, qsizetype j) const { return m_ending[place(i, j)]; }

    void fillRow(qsizetype i)
    {
        int before = i == 0 ? 0 : kImpossible; // best sum of the letters before this one, left of j
        int beforeAt = -1;
        for (qsizetype j = 0; j < m_text.size(); ++j) {
            if (i > 0 && j > 0 && ending(i - 1, j - 1) > before) {
                before = ending(i - 1, j - 1);
                beforeAt = static_cast<int>(j - 1);
            }
            if (m_query.at(i).toCaseFolded() != m_text.at(j).toCaseFolded())
                continue;
            int sum = before;
            int from = beforeAt;
            if (sum <= kImpossible)
                continue;
            // Whatever stands right before this letter was a candidate above: the sum is not impossible here.
            if (i > 0 && ending(i - 1, j - 1) + kFollows > sum) {
                sum = ending(i - 1, j - 1) + kFollows;
                from = static_cast<int>(j - 1);
            }
            sum += kLetter + (beginsWord(m_text, j) ? kWordBegin : 0) + (j == 0 ? kTextBegin : 0);
            m_ending[place(i, j)] = sum;
            m_from[place(i, j)] = from;
        }
    }

    QStringView m_query;
    QStringView m_text;
    std::vector<int> m_ending;
    std::vector<int> m_from; ///< where the letter before stands
};
} // namespace

std::optional<FuzzyMatch> fuzzyMatch(QStringView query, QStringView text)
{
    QString letters;
    for (const QChar letter : query.first(std::min(query.size(), kQueryLength)))
        if (!letter.isSpace())
            letters += letter;
    if (letters.isEmpty())
        return FuzzyMatch{};
    const QStringView seen = text.first(std::min(text.size(), kTextLength));
    if (letters.size() > seen.size())
        return {};
    return Grid(letters, seen).best();
}

} // namespace luthien::desktop
