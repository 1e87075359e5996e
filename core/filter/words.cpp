// SPDX-License-Identifier: Apache-2.0
#include "filter/words.h"

#include <QList>
#include <QString>

#include <algorithm>

namespace luthien::filter {

namespace {
bool isAscii(char letter) noexcept
{
    return static_cast<unsigned char>(letter) < 0x80;
}

/// Of folded text.
bool isWordPart(char letter) noexcept
{
    return !isAscii(letter) || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
}

/// What is neither letter, digit nor mark becomes a space.
std::string foldedUnicode(std::string_view text)
{
    QString result;
    const QString folded = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toCaseFolded();
    for (const char32_t letter : folded.toUcs4()) {
        const bool isKept = letter < 0x80 || QChar::isLetterOrNumber(letter) || QChar::isMark(letter) ||
                            QChar::category(letter) == QChar::Other_PrivateUse;
        result += isKept ? QString::fromUcs4(&letter, 1) : QStringLiteral(" ");
    }
    return result.toStdString();
}

std::string folded(std::string_view text)
{
    if (!std::ranges::all_of(text, isAscii))
        return foldedUnicode(text);
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
    });
    return lower;
}

/// The word that begins at or after position; empty = there is none. position then stands behind it.
std::string_view nextWord(std::string_view text, std::size_t& position)
{
    while (position < text.size() && !isWordPart(text[position]))
        ++position;
    const std::size_t begin = position;
    while (position < text.size() && isWordPart(text[position]))
        ++position;
    return text.substr(begin, position - begin);
}

bool startsWith(std::string_view text, const Phrase& phrase)
{
    std::size_t position = 0;
    for (const std::string& word : phrase.words) {
        const std::string_view found = nextWord(text, position);
        const bool mayGoOn = phrase.isPrefix && &word == &phrase.words.back();
        if (mayGoOn ? !found.starts_with(word) : found != word)
            return false;
    }
    return true;
}
} // namespace

Phrase phraseFrom(std::string_view text)
{
    Phrase phrase;
    const std::string lower = folded(text);
    std::size_t position = 0;
    for (auto word = nextWord(lower, position); !word.empty(); word = nextWord(lower, position))
        phrase.words.emplace_back(word);
    phrase.isPrefix = !phrase.words.empty() && text.ends_with('*');
    return phrase;
}

std::string toText(const Phrase& phrase)
{
    std::string text;
    for (const std::string& word : phrase.words)
        text += (text.empty() ? "" : " ") + word;
    return text + (phrase.isPrefix ? "*" : "");
}

bool contains(std::string_view text, const Phrase& phrase)
{
    if (phrase.words.empty())
        return false;
    const std::string lower = folded(text);
    const std::string_view all = lower;
    for (std::size_t at = all.find(phrase.words.front()); at != std::string_view::npos;
         at = all.find(phrase.words.front(), at + 1)) {
        if ((at == 0 || !isWordPart(all[at - 1])) && startsWith(all.substr(at), phrase))
            return true;
    }
    return false;
}

} // namespace luthien::filter
