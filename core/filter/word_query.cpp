// SPDX-License-Identifier: Apache-2.0
#include "filter/word_query.h"

#include "filter/parser.h"

#include <algorithm>
#include <utility>

namespace luthien::filter {

namespace {
constexpr std::string_view kBlanks = " \t\r\n";

/// From an opening quote to behind the closing one, and a star behind it; or up to a blank or a quote.
std::string_view nextPart(std::string_view text)
{
    if (text.front() != '"')
        return text.substr(0, text.find_first_of(" \t\r\n\""));
    const std::size_t quote = text.find('"', 1);
    if (quote == std::string_view::npos)
        return {};
    return text.substr(0, quote + (text.substr(quote + 1).starts_with('*') ? 2 : 1));
}

Error mistake(std::string_view text, std::size_t offset, std::string message, std::string suggestion)
{
    return toError({.offset = offset, .message = std::move(message), .suggestion = std::move(suggestion)}, text,
                   "query");
}
} // namespace

Result<WordQuery> parseWordQuery(std::string_view text)
{
    if (text.size() > WordQuery::kMaxBytes)
        return mistake(text, WordQuery::kMaxBytes, "a query has at most 4 KiB", "leave some of it out");
    WordQuery query;
    std::size_t at = text.find_first_not_of(kBlanks);
    for (; at != std::string_view::npos; at = text.find_first_not_of(kBlanks, at)) {
        const std::string_view part = nextPart(text.substr(at));
        if (part.empty())
            return mistake(text, at, "this quote is not closed", "end it with \"");
        if (Phrase phrase = phraseFrom(part); !phrase.words.empty())
            query.phrases.push_back(std::move(phrase));
        if (query.phrases.size() > WordQuery::kMaxPhrases)
            return mistake(text, at, "a query has at most 64 words and phrases", "leave some of them out");
        at += part.size();
    }
    if (query.phrases.empty())
        return mistake(text, 0, "there is no word to search for", "write letters or digits");
    return query;
}

} // namespace luthien::filter
