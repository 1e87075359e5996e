// SPDX-License-Identifier: Apache-2.0
#include "script/host/matcher.h"

#include <algorithm>
#include <vector>

namespace luthien::script::host {

namespace {

/// Where byte offsets of a UTF-8 text lie in the same text as UTF-16. Asked in ascending order.
class Utf16Position
{
public:
    explicit Utf16Position(std::string_view text)
        : m_text(text)
    {
    }

    uint at(std::size_t byte)
    {
        for (; m_byte < byte; ++m_byte) {
            const auto unit = static_cast<unsigned char>(m_text[m_byte]);
            if ((unit & 0xC0U) != 0x80U) // not a byte inside of a character
                m_units += unit >= 0xF0U ? 2 : 1;
        }
        return m_units;
    }

private:
    std::string_view m_text;
    std::size_t m_byte = 0;
    uint m_units = 0;
};

QString toQString(re2::StringPiece piece)
{
    return QString::fromUtf8(piece.data(), static_cast<qsizetype>(piece.size()));
}

QJSValue groupsOf(QJSEngine& engine, const std::vector<re2::StringPiece>& pieces)
{
    QJSValue groups = engine.newArray(static_cast<uint>(pieces.size() - 1));
    for (std::size_t i = 1; i < pieces.size(); ++i)
        groups.setProperty(static_cast<quint32>(i - 1),
                           pieces[i].data() ? QJSValue(toQString(pieces[i])) : QJSValue(QJSValue::NullValue));
    return groups;
}

} // namespace

Matcher::Matcher(QJSEngine& engine)
    : m_engine(engine)
{
}

void Matcher::fail(const QString& message)
{
    m_engine.throwError(QJSValue::SyntaxError, message);
}

policy::Pattern Matcher::compiled(const QString& pattern, Kind kind)
{
    QHash<QString, policy::Pattern>& known = kind == Kind::Glob ? m_globs : m_patterns;
    if (const auto found = known.constFind(pattern); found != known.constEnd())
        return *found;
    const std::string bytes = pattern.toStdString();
    Result<policy::Pattern> made = kind == Kind::Glob ? policy::compileGlob(bytes) : policy::compileExpression(bytes);
    if (!made) {
        fail(QString::fromStdString(made.error().message));
        return nullptr;
    }
    if (known.size() >= kMaxPatterns)
        known.clear();
    return known.insert(pattern, *std::move(made)).value();
}

bool Matcher::found(const QString& pattern, const QString& text, Kind kind)
{
    const policy::Pattern expression = compiled(pattern, kind);
    return expression && policy::matches(expression, text.toStdString());
}

bool Matcher::test(const QString& pattern, const QString& text)
{
    return found(pattern, text, Kind::Expression);
}

bool Matcher::glob(const QString& pattern, const QString& text)
{
    return found(pattern, text, Kind::Glob);
}

QJSValue Matcher::matchesIn(const policy::Pattern& pattern, const QString& text, int most)
{
    const std::string bytes = text.toStdString();
    const re2::StringPiece whole(bytes);
    Utf16Position position(bytes);
    std::vector<re2::StringPiece> pieces(static_cast<std::size_t>(std::max(pattern->NumberOfCapturingGroups(), 0)) + 1);
    QJSValue all = m_engine.newArray();
    quint32 count = 0;
    std::size_t from = 0;
    while (from <= bytes.size() && pattern->Match(whole, from, bytes.size(), re2::RE2::UNANCHORED, pieces.data(),
                                                  static_cast<int>(pieces.size()))) {
        const auto begin = static_cast<std::size_t>(pieces[0].data() - bytes.data());
        const std::size_t end = begin + pieces[0].size();
        QJSValue match = m_engine.newObject();
        match.setProperty(QStringLiteral("text"), toQString(pieces[0]));
        match.setProperty(QStringLiteral("start"), position.at(begin));
        match.setProperty(QStringLiteral("end"), position.at(end));
        match.setProperty(QStringLiteral("groups"), groupsOf(m_engine, pieces));
        all.setProperty(count++, match);
        if (most == 1)
            return match;
        if (count > static_cast<quint32>(most)) {
            fail(QStringLiteral("There are more than %1 matches.").arg(most));
            return {};
        }
        // After an empty match the next one begins behind the next character.
        from = end > begin ? end : end + 1;
        while (from < bytes.size() && (static_cast<unsigned char>(bytes[from]) & 0xC0U) == 0x80U)
            ++from;
    }
    return most == 1 ? QJSValue(QJSValue::NullValue) : all;
}

QJSValue Matcher::match(const QString& pattern, const QString& text)
{
    const policy::Pattern expression = compiled(pattern, Kind::Expression);
    return expression ? matchesIn(expression, text, 1) : QJSValue();
}

QJSValue Matcher::matchAll(const QString& pattern, const QString& text)
{
    const policy::Pattern expression = compiled(pattern, Kind::Expression);
    return expression ? matchesIn(expression, text, kMaxMatches) : QJSValue();
}

QString Matcher::replace(const QString& pattern, const QString& text, const QString& by)
{
    const policy::Pattern expression = compiled(pattern, Kind::Expression);
    if (!expression)
        return {};
    const std::string rewrite = by.toStdString();
    std::string error;
    if (!expression->CheckRewriteString(rewrite, &error)) {
        fail(QString::fromStdString(error));
        return {};
    }
    std::string bytes = text.toStdString();
    re2::RE2::GlobalReplace(&bytes, *expression, rewrite);
    return QString::fromStdString(bytes);
}

} // namespace luthien::script::host
