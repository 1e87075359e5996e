// SPDX-License-Identifier: Apache-2.0
#include "filter/words.h"

#include <QList>
#include <QString>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

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

/// A text without case, what is neither letter, digit nor mark being a space.
struct Folded
{
    std::string text;
    std::vector<std::uint32_t> origins; ///< of each byte: where its character begins; then the end
};

enum class Origins : std::uint8_t { Forgotten, Kept };

class Folder
{
public:
    Folder(std::string_view text, Origins origins)
        : m_text(text)
        , m_keeps(origins == Origins::Kept)
    {
        m_folded.text.reserve(text.size());
    }

    Folded fold()
    {
        std::size_t at = 0;
        while (at < m_text.size()) {
            if (isAscii(m_text[at])) {
                const char letter = m_text[at];
                add(letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter, at);
                ++at;
                continue;
            }
            const std::size_t begin = at;
            while (at < m_text.size() && !isAscii(m_text[at]))
                at = endOfCharacter(at);
            foldRun(begin, at);
        }
        if (m_keeps)
            m_folded.origins.push_back(static_cast<std::uint32_t>(m_text.size()));
        return std::move(m_folded);
    }

private:
    void add(char letter, std::size_t origin)
    {
        m_folded.text += letter;
        if (m_keeps)
            m_folded.origins.push_back(static_cast<std::uint32_t>(origin));
    }
    [[nodiscard]] std::size_t endOfCharacter(std::size_t at) const
    {
        constexpr unsigned kContinuation = 0x80;
        constexpr std::size_t kMaxBytes = 4;
        std::size_t end = at + 1;
        while (end < m_text.size() && end < at + kMaxBytes &&
               (static_cast<unsigned char>(m_text[end]) & 0xc0U) == kContinuation)
            ++end;
        return end;
    }
    /// Characters that are not ASCII: one by one where it matters where they came from.
    void foldRun(std::size_t begin, std::size_t end)
    {
        if (!m_keeps) {
            foldCharacters(begin, end);
            return;
        }
        while (begin < end) {
            const std::size_t next = std::min(endOfCharacter(begin), end);
            foldCharacters(begin, next);
            begin = next;
        }
    }
    void foldCharacters(std::size_t begin, std::size_t end)
    {
        const QString run = QString::fromUtf8(m_text.data() + begin, static_cast<qsizetype>(end - begin));
        QString kept;
        for (const char32_t letter : run.toCaseFolded().toUcs4()) {
            const bool isKept = letter < 0x80 || QChar::isLetterOrNumber(letter) || QChar::isMark(letter) ||
                                QChar::category(letter) == QChar::Other_PrivateUse;
            kept += isKept ? QString::fromUcs4(&letter, 1) : QStringLiteral(" ");
        }
        for (const char byte : kept.toUtf8())
            add(byte, begin);
    }

    std::string_view m_text;
    bool m_keeps;
    Folded m_folded;
};

std::string folded(std::string_view text)
{
    return Folder(text, Origins::Forgotten).fold().text;
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

/// Where the phrase that begins at position ends; nullopt = it is not there.
std::optional<std::size_t> endOfPhrase(std::string_view text, std::size_t position, const Phrase& phrase)
{
    for (const std::string& word : phrase.words) {
        const std::string_view found = nextWord(text, position);
        const bool mayGoOn = phrase.isPrefix && &word == &phrase.words.back();
        if (mayGoOn ? !found.starts_with(word) : found != word)
            return std::nullopt;
    }
    return position;
}

/// The phrase's first place in folded text, at or after position.
std::optional<TextSpan> findFolded(std::string_view text, std::size_t position, const Phrase& phrase)
{
    if (phrase.words.empty())
        return std::nullopt;
    for (std::size_t at = text.find(phrase.words.front(), position); at != std::string_view::npos;
         at = text.find(phrase.words.front(), at + 1)) {
        const auto end = at == 0 || !isWordPart(text[at - 1]) ? endOfPhrase(text, at, phrase) : std::nullopt;
        if (end)
            return TextSpan{at, *end};
    }
    return std::nullopt;
}

void appendUtf8(std::string& text, char32_t letter)
{
    text += QString::fromUcs4(&letter, 1).toStdString();
}

/// The four hex digits of an escape at position; nullopt = they are none.
std::optional<char32_t> codeUnit(std::string_view text, std::size_t position)
{
    constexpr std::size_t kDigits = 4;
    unsigned unit = 0;
    const std::string_view digits = text.substr(std::min(position, text.size()), kDigits);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
    const bool isWhole = failure == std::errc() && digits.size() == kDigits && end == digits.data() + kDigits;
    return isWhole ? std::optional(static_cast<char32_t>(unit)) : std::nullopt;
}

/// Appends what the escape stands for whose backslash is at position; where it ends.
std::size_t appendEscaped(std::string& text, std::string_view json, std::size_t position)
{
    const std::size_t letter = position + 1;
    if (letter >= json.size())
        return json.size();
    if (json[letter] != 'u') {
        constexpr std::string_view kBlanks = "bfnrt";
        text += kBlanks.find(json[letter]) == std::string_view::npos ? json[letter] : ' ';
        return letter + 1;
    }
    constexpr std::size_t kEscapeBytes = 6;
    auto unit = codeUnit(json, letter + 1);
    if (!unit)
        return letter; // no escape: the u is a letter
    std::size_t end = position + kEscapeBytes;
    if (QChar::isHighSurrogate(*unit) && json.substr(end, 2) == "\\u") {
        const auto low = codeUnit(json, end + 2);
        if (low && QChar::isLowSurrogate(*low)) {
            unit = QChar::surrogateToUcs4(static_cast<char16_t>(*unit), static_cast<char16_t>(*low));
            end += kEscapeBytes;
        }
    }
    appendUtf8(text, QChar::isSurrogate(*unit) ? char32_t(QChar::ReplacementCharacter) : *unit);
    return end;
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
    return !phrase.words.empty() && findFolded(folded(text), 0, phrase).has_value();
}

std::vector<TextSpan> find(std::string_view text, const Phrase& phrase, std::size_t limit)
{
    const Folded lower = Folder(text, Origins::Kept).fold();
    std::vector<TextSpan> spans;
    std::size_t position = 0;
    while (spans.size() < limit) {
        const auto found = findFolded(lower.text, position, phrase);
        if (!found)
            break;
        // A character may be several when folded: up to where the next one begins.
        std::size_t last = found->end;
        while (last < lower.text.size() && lower.origins[last] == lower.origins[last - 1])
            ++last;
        spans.push_back({lower.origins[found->begin], lower.origins[last]});
        position = found->end;
    }
    return spans;
}

void forEachWord(std::string_view text, const std::function<bool(std::string_view)>& take)
{
    const std::string lower = folded(text);
    std::size_t position = 0;
    for (auto word = nextWord(lower, position); !word.empty() && take(word);)
        word = nextWord(lower, position);
}

std::string readableArguments(std::string_view arguments)
{
    const std::size_t first = arguments.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (arguments[first] != '{' && arguments[first] != '['))
        return std::string(arguments);
    std::string text;
    text.reserve(arguments.size());
    bool isInString = false;
    for (std::size_t at = 0; at < arguments.size();) {
        if (isInString && arguments[at] == '\\') {
            at = appendEscaped(text, arguments, at);
            continue;
        }
        isInString = isInString != (arguments[at] == '"');
        text += arguments[at++];
    }
    return text;
}

} // namespace luthien::filter
