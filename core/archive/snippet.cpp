// SPDX-License-Identifier: Apache-2.0
#include "archive/snippet.h"

#include <algorithm>

namespace luthien::archive {

namespace {
constexpr std::size_t kSnippetBytes = 200;
constexpr std::size_t kBytesBefore = 60;    ///< of the first words
constexpr std::size_t kMaxMatchBytes = 100; ///< a longer one is shown in part
constexpr std::size_t kMaxWordBytes = 24;   ///< of a word that is left out rather than cut

bool beginsCharacter(std::string_view text, std::size_t at)
{
    return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80;
}

bool isBlank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/// The next begin of a word from a place on, if there is one soon enough, else of a character. At most `most`.
std::size_t nextBegin(std::string_view text, std::size_t at, std::size_t most)
{
    const std::size_t last = std::min(most, at + kMaxWordBytes);
    for (std::size_t i = at; i <= last; ++i)
        if (i == 0 || (isBlank(text[i - 1]) && !isBlank(text[i])))
            return i;
    while (!beginsCharacter(text, at))
        ++at;
    return std::min(at, most);
}

/// The last end of a word up to a place, if there is one soon enough, else of a character. At least `least`.
std::size_t lastEnd(std::string_view text, std::size_t at, std::size_t least)
{
    const std::size_t first = std::max(least, at - std::min(at, kMaxWordBytes));
    for (std::size_t i = at; i >= first && i > 0; --i)
        if (i == text.size() || (isBlank(text[i]) && !isBlank(text[i - 1])))
            return i;
    while (!beginsCharacter(text, at))
        ++at;
    return at;
}
} // namespace

Snippet cutSnippet(std::string_view text, const std::vector<filter::TextSpan>& spans)
{
    const filter::TextSpan first = spans.front();
    const std::size_t begin = nextBegin(text, first.begin - std::min(first.begin, kBytesBefore), first.begin);
    const std::size_t most = std::min(text.size(), std::max(begin + kSnippetBytes, first.begin + kMaxMatchBytes));
    const std::size_t end = lastEnd(text, most, std::min(most, first.end));
    Snippet snippet{.text = std::string(text.substr(begin, end - begin)),
                    .matched = {},
                    .isCutBefore = begin > 0,
                    .isCutBehind = end < text.size()};
    for (const filter::TextSpan& span : spans) {
        if (span.begin < end)
            snippet.matched.push_back({span.begin - begin, std::min(span.end, end) - begin});
    }
    return snippet;
}

} // namespace luthien::archive
