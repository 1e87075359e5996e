// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QString>

#include <cstdint>
#include <string_view>
#include <vector>

namespace luthien::desktop {

/// A line of two texts that are compared.
struct DiffLine
{
    enum class Kind : std::uint8_t {
        Same,
        Removed, ///< only in the text before
        Added,   ///< only in the text after
        Changed, ///< in both, with words that differ
        Skipped, ///< stands for `count` lines that are the same
    };
    Kind kind = Kind::Same;
    QString before;
    QString after;
    QList<int> beforeMarks; ///< begin and length in turn, of the words that differ
    QList<int> afterMarks;
    int count = 1;
    bool operator==(const DiffLine&) const = default;
};

/// How two texts differ, by lines and within them by words, with a few lines around each change. The work is bounded:
/// texts that have little in common are shown as one removed and one added, and what is past some 2,000 lines is cut
/// with a Skipped line that counts it. Hidden characters are shown as codes. Thread: any.
[[nodiscard]] std::vector<DiffLine> diffTexts(std::string_view before, std::string_view after);

} // namespace luthien::desktop
