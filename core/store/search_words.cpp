// SPDX-License-Identifier: Apache-2.0
#include "store/search_words.h"

#include "base/sha256.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

namespace luthien::store {

namespace {
constexpr std::size_t kMaxWordBytes = 128;
constexpr std::size_t kMaxTextBytes = 1'000'000; // a TSVECTOR holds some more
// Of a TSVECTOR: there are no higher places, and no more of them for one word.
constexpr std::size_t kMaxPlace = 16'383;
constexpr std::size_t kMaxPlacesOfWord = 255;
constexpr std::string_view kWithoutPlaces = "~"; // no word of a text

/// Cut where a character begins.
std::string_view shortened(std::string_view word)
{
    if (word.size() <= kMaxWordBytes)
        return word;
    std::size_t end = kMaxWordBytes;
    while ((static_cast<unsigned char>(word[end]) & 0xc0U) == 0x80U)
        --end;
    return word.substr(0, end);
}

/// Calls each with every word of words, which have blanks between them.
template <typename Each>
void forEachIn(std::string_view words, Each each)
{
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        each(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
}

/// "drop:1 table:2"; without the places if not all of them can be told: a wrong one would hide a phrase.
std::string withPlaces(std::string_view words)
{
    std::unordered_map<std::string_view, std::size_t> counts;
    std::size_t place = 0;
    std::size_t most = 0;
    std::string value;
    forEachIn(words, [&](std::string_view word) {
        most = std::max(most, ++counts[word]);
        value.append(word).append(":").append(std::to_string(++place)).append(" ");
    });
    if (place <= kMaxPlace && most <= kMaxPlacesOfWord)
        return value;
    value = kWithoutPlaces;
    for (const auto& [word, count] : counts)
        value.append(" ").append(word);
    return value;
}

std::int64_t hashOf(std::string_view words)
{
    const Digest digest = Sha256::of(words);
    std::int64_t hash;
    std::memcpy(&hash, digest.data(), sizeof hash);
    return hash;
}

/// A longer word is in the index as what it begins with, so nothing goes on there.
bool mayGoOn(const filter::Phrase& phrase)
{
    return phrase.isPrefix && phrase.words.back().size() < kMaxWordBytes;
}

std::string fts5Query(std::span<const filter::Phrase> phrases)
{
    std::string query;
    for (const filter::Phrase& phrase : phrases) {
        query += query.empty() ? "\"" : " AND \"";
        for (const std::string& word : phrase.words)
            query.append(&word == &phrase.words.front() ? "" : " ").append(shortened(word));
        query += mayGoOn(phrase) ? "\" *" : "\"";
    }
    return query;
}

std::string tsQuery(std::span<const filter::Phrase> phrases, std::string_view between)
{
    std::string query;
    for (const filter::Phrase& phrase : phrases) {
        query += query.empty() ? "" : " & ";
        for (const std::string& word : phrase.words) {
            query.append(&word == &phrase.words.front() ? "" : between);
            query.append("'").append(shortened(word)).append("'");
        }
        query += mayGoOn(phrase) ? ":*" : "";
    }
    return query;
}
} // namespace

IndexedWords indexedWords(std::string_view text, filter::SqlDialect dialect)
{
    std::string words;
    IndexedWords indexed;
    filter::forEachWord(text, [&](std::string_view word) {
        const std::string_view taken = shortened(word);
        indexed.isCut = words.size() + taken.size() >= kMaxTextBytes;
        if (!indexed.isCut)
            words.append(words.empty() ? "" : " ").append(taken);
        return !indexed.isCut;
    });
    if (words.empty())
        return indexed;
    indexed.hash = hashOf(words);
    indexed.value = dialect == filter::SqlDialect::Sqlite ? std::move(words) : withPlaces(words);
    return indexed;
}

std::string wordsQuery(std::span<const filter::Phrase> phrases, filter::SqlDialect dialect)
{
    if (dialect == filter::SqlDialect::Sqlite)
        return fts5Query(phrases);
    return tsQuery(phrases, " <-> ") + " | '" + std::string(kWithoutPlaces) + "' & " + tsQuery(phrases, " & ");
}

} // namespace luthien::store
