// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QStringView>

#include <optional>

namespace luthien::desktop {

/// How well a text answers what was typed.
struct FuzzyMatch
{
    int score = 0;        ///< higher is better
    QList<int> positions; ///< of the letters that were typed, ascending
};

/// All letters of query occur in text in that order, whatever their case; blanks in the query only part its words.
/// Letters at the beginnings of words and letters that follow each other count most. An empty query fits everything.
/// Looks at the first 200 characters of text and 64 of query. Thread: any.
[[nodiscard]] std::optional<FuzzyMatch> fuzzyMatch(QStringView query, QStringView text);

} // namespace luthien::desktop
