// SPDX-License-Identifier: Apache-2.0
#include "filter/spelling.h"

#include <algorithm>
#include <array>

namespace luthien::filter {

namespace {
constexpr std::size_t kMaxLength = 24; // names are shorter

/// Edits from one word to the other, where swapping two neighbours is one (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b)
{
    std::array<std::array<std::size_t, kMaxLength + 1>, kMaxLength + 1> edits{};
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                edits[i][j] = i + j;
                continue;
            }
            const std::size_t wrong = a[i - 1] == b[j - 1] ? 0 : 1;
            edits[i][j] = std::min({edits[i - 1][j] + 1, edits[i][j - 1] + 1, edits[i - 1][j - 1] + wrong});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
    }
    return edits[a.size()][b.size()];
}
} // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates)
{
    std::string_view best;
    if (word.size() > kMaxLength)
        return best;
    std::size_t allowed = word.size() < 4 ? 1 : 2;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > kMaxLength)
            continue;
        const std::size_t edits = distance(word, candidate);
        if (edits > allowed || (edits == allowed && !best.empty()))
            continue;
        best = candidate;
        allowed = edits;
    }
    return best;
}

} // namespace luthien::filter
