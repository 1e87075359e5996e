// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/text_stages.h"

#include "policy/notice.h"

#include <QChar>
#include <QList>
#include <QString>

#include <algorithm>

namespace luthien::policy::builtin {

namespace {

/// How much of a beginning of sought the end of text is.
template <typename Text>
std::size_t startedAtEnd(const Text& text, const Text& sought)
{
    for (std::size_t length = std::min(text.size(), sought.size() - 1); length > 0; --length) {
        if (text.substr(text.size() - length) == sought.substr(0, length))
            return length;
    }
    return 0;
}

/// A text is found byte by byte: in UTF-8 no character begins inside another.
class LiteralStage final : public TextStage
{
public:
    explicit LiteralStage(const Replacement& replacement)
        : m_replacement(replacement)
    {
    }

    void add(std::string_view part, std::string& out) override
    {
        m_kept += part;
        const std::string_view from = m_replacement.from;
        std::string_view rest = m_kept;
        for (std::size_t found = rest.find(from); found != std::string_view::npos; found = rest.find(from)) {
            out += rest.substr(0, found);
            out += m_replacement.to;
            rest.remove_prefix(found + from.size());
        }
        const std::size_t open = startedAtEnd(rest, from);
        out += rest.substr(0, rest.size() - open);
        m_kept.erase(0, m_kept.size() - open);
    }
    void end(std::string& out) override
    {
        out += m_kept;
        m_kept.clear();
    }

private:
    const Replacement& m_replacement;
    std::string m_kept;
};

std::u32string characters(std::string_view text)
{
    const QList<uint> ucs4 = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toUcs4();
    return {ucs4.begin(), ucs4.end()};
}

std::string utf8(std::u32string_view text)
{
    return QString::fromUcs4(text.data(), static_cast<qsizetype>(text.size())).toStdString();
}

std::u32string folded(std::u32string_view text)
{
    std::u32string result(text);
    for (char32_t& character : result)
        character = QChar::toCaseFolded(character);
    return result;
}

/// How much of the end of text is the beginning of a character.
std::size_t openCharacter(std::string_view text)
{
    for (std::size_t back = 1; back <= std::min<std::size_t>(text.size(), 3); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xC0U) == 0x80U)
            continue;
        const std::size_t length = byte >= 0xF0U ? 4 : byte >= 0xE0U ? 3 : byte >= 0xC0U ? 2 : 1;
        return length > back ? back : 0;
    }
    return 0;
}

/// The same character by character, whatever their case.
class AnyCaseStage final : public TextStage
{
public:
    explicit AnyCaseStage(const Replacement& replacement)
        : m_from(folded(characters(replacement.from)))
        , m_to(characters(replacement.to))
    {
    }

    void add(std::string_view part, std::string& out) override
    {
        m_bytes += part;
        const std::size_t open = openCharacter(m_bytes);
        m_kept += characters(std::string_view(m_bytes).substr(0, m_bytes.size() - open));
        m_bytes.erase(0, m_bytes.size() - open);
        const std::u32string plain = folded(m_kept);
        std::u32string_view rest = plain;
        std::u32string_view written = m_kept;
        std::u32string passed;
        for (std::size_t found = rest.find(m_from); found != std::u32string_view::npos; found = rest.find(m_from)) {
            passed += written.substr(0, found);
            passed += withShapeOf(written.substr(found, m_from.size()), m_to);
            rest.remove_prefix(found + m_from.size());
            written.remove_prefix(found + m_from.size());
        }
        const std::size_t started = startedAtEnd(rest, std::u32string_view(m_from));
        passed += written.substr(0, written.size() - started);
        m_kept.erase(0, m_kept.size() - started);
        out += utf8(passed);
    }
    void end(std::string& out) override
    {
        out += utf8(m_kept);
        out += m_bytes;
        m_kept.clear();
        m_bytes.clear();
    }

private:
    std::u32string m_from; ///< folded
    std::u32string m_to;
    std::u32string m_kept;
    std::string m_bytes; ///< of a character that is cut
};

/// Lines go through one by one. Where a line that is too long is cut depends on the line alone.
class ExpressionStage final : public TextStage
{
public:
    explicit ExpressionStage(const Replacement& replacement)
        : m_replacement(replacement)
    {
    }

    void add(std::string_view part, std::string& out) override
    {
        m_kept += part;
        std::string_view rest = m_kept;
        while (true) {
            const std::size_t end = rest.find('\n');
            // One byte more than fits shows that the line goes on, and where its last character ends.
            if (end > kMaxLineBytes && rest.size() > kMaxLineBytes) {
                const std::size_t cut = boundedText(rest, kMaxLineBytes).size();
                replaceIn(rest.substr(0, cut == 0 ? kMaxLineBytes : cut), out);
                rest.remove_prefix(cut == 0 ? kMaxLineBytes : cut);
            } else if (end != std::string_view::npos) {
                replaceIn(rest.substr(0, end), out);
                out += '\n';
                rest.remove_prefix(end + 1);
            } else {
                break;
            }
        }
        m_kept.erase(0, m_kept.size() - rest.size());
    }
    void end(std::string& out) override
    {
        if (!m_kept.empty())
            replaceIn(m_kept, out);
        m_kept.clear();
    }

private:
    void replaceIn(std::string_view line, std::string& out) const
    {
        std::string text(line);
        (void)re2::RE2::GlobalReplace(&text, *m_replacement.expression, m_replacement.to);
        out += text;
    }

    const Replacement& m_replacement;
    std::string m_kept;
};

bool isUpper(char32_t c)
{
    return QChar::isUpper(c) || QChar::isTitleCase(c);
}

} // namespace

std::unique_ptr<TextStage> makeTextStage(const Replacement& replacement)
{
    if (replacement.expression)
        return std::make_unique<ExpressionStage>(replacement);
    if (replacement.matchesAnyCase)
        return std::make_unique<AnyCaseStage>(replacement);
    return std::make_unique<LiteralStage>(replacement);
}

std::u32string withShapeOf(std::u32string_view match, std::u32string_view replacement)
{
    std::u32string letters; // those of the match that have a case
    for (const char32_t c : match) {
        if (isUpper(c) || QChar::isLower(c))
            letters += c;
    }
    std::u32string result(replacement);
    if (letters.empty())
        return result;
    const bool isAllUpper = std::all_of(letters.begin(), letters.end(), isUpper);
    const bool hasLowerTail = std::none_of(letters.begin() + 1, letters.end(), isUpper);
    std::size_t letter = 0;
    for (char32_t& c : result) {
        if (!QChar::isLetter(c))
            continue;
        const std::size_t index = letter++;
        if (isAllUpper)
            c = QChar::toUpper(c);
        else if (hasLowerTail)
            c = index == 0 && isUpper(letters[0]) ? QChar::toUpper(c) : QChar::toLower(c);
        else if (index < letters.size())
            c = isUpper(letters[index]) ? QChar::toUpper(c) : QChar::toLower(c);
    }
    return result;
}

} // namespace luthien::policy::builtin
