// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/exposed_text.h"

#include "base/hidden_character.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <string_view>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
/// More blanks in a row than these push what follows out of view.
constexpr qsizetype kMostBlanks = 8;
constexpr qsizetype kMostBreaks = 2;
constexpr qsizetype kMostNamed = 8;

QString tr(const char* text)
{
    return QCoreApplication::translate("ExposedText", text);
}

/// Cyrillic and Greek letters that are drawn like Latin ones. Source: Unicode confusables.txt 15.0, the subset that is
/// the same shape in common fonts.
constexpr std::u32string_view kLatinShapes = U"\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501"
                                             U"\u051b\u051d\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422"
                                             U"\u0425\u0405\u0406\u0408\u04ae\u03bf\u03bd\u03b1\u03b9\u03ba\u03c1\u03c5"
                                             U"\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4"
                                             U"\u03a5\u03a7\u0585\u057d\u0578\u04cf\u04c0";
/// Quotes, dashes, slashes and other signs that a shell takes for letters of a word.
constexpr std::u32string_view kSigns = U"\u00b4\u02b9\u02ba\u02bc\u02c8\u02cb\u2010\u2011\u2012\u2013\u2018\u2019\u201a"
                                       U"\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u2035\u2039\u203a\u2044\u204e\u2212"
                                       U"\u2215\u2217\u2223\u2236\u223c\u29f8\ua789\u01c0\u037e\u0251\u0261\u0131\u02d0"
                                       U"\ua4f8\u2e40";

bool contains(std::u32string_view list, char32_t code)
{
    return list.find(code) != std::u32string_view::npos;
}

/// Scripts with letters that are drawn like Latin ones; nullptr for all others.
const char* deceptiveScript(char32_t code)
{
    switch (QChar::script(code)) {
    case QChar::Script_Cyrillic:
        return QT_TRANSLATE_NOOP("ExposedText", "Cyrillic");
    case QChar::Script_Greek:
        return QT_TRANSLATE_NOOP("ExposedText", "Greek");
    case QChar::Script_Armenian:
        return QT_TRANSLATE_NOOP("ExposedText", "Armenian");
    case QChar::Script_Cherokee:
        return QT_TRANSLATE_NOOP("ExposedText", "Cherokee");
    case QChar::Script_Coptic:
        return QT_TRANSLATE_NOOP("ExposedText", "Coptic");
    case QChar::Script_Lisu:
        return QT_TRANSLATE_NOOP("ExposedText", "Lisu");
    case QChar::Script_Deseret:
        return QT_TRANSLATE_NOOP("ExposedText", "Deseret");
    default:
        return nullptr;
    }
}

/// Letters and blanks of another width or style: the standard itself says that they stand for the plain ones.
bool isStyled(char32_t code)
{
    const auto isWithin = [code](char32_t first, char32_t last) { return code >= first && code <= last; };
    // Only where such characters are, since asking costs as much as a hundred others.
    if (code != 0xa0 && !isWithin(0x2000, 0x200a) && !isWithin(0x2024, 0x205f) && !isWithin(0x2100, 0x217f) &&
        code != 0x3000 && !isWithin(0xfe50, 0xfe6f) && !isWithin(0xff01, 0xff5e) && !isWithin(0x1d400, 0x1d7ff))
        return false;
    const QString plain = QString::fromUcs4(&code, 1).normalized(QString::NormalizationForm_KC);
    return plain.size() == 1 && plain.front().unicode() < 0x80;
}

QString codeOf(char32_t code)
{
    return u"\u2039U+%1\u203a"_s.arg(static_cast<uint>(code), 4, 16, QLatin1Char('0')).toUpper();
}

struct CodePoint
{
    char32_t code = 0;
    qsizetype length = 1; ///< in UTF-16 units
};

CodePoint codePointAt(QStringView text, qsizetype at)
{
    const QChar first = text[at];
    if (first.isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate())
        return {QChar::surrogateToUcs4(first, text[at + 1]), 2};
    return {first.unicode(), 1};
}

bool isOfWord(char32_t code)
{
    return QChar::isLetterOrNumber(code) || QChar::isMark(code) || code == U'_';
}

qsizetype runOf(QStringView text, qsizetype from, QChar character)
{
    qsizetype end = from;
    while (end < text.size() && text[end] == character)
        ++end;
    return end - from;
}

void name(QStringList& names, const QString& name)
{
    if (names.size() < kMostNamed && !names.contains(name))
        names += name;
}
} // namespace

bool isUnseen(char32_t code)
{
    constexpr std::u32string_view kFillers = U"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0";
    return isHiddenCharacter(code) || QChar::category(code) == QChar::Other_Format || contains(kFillers, code) ||
           (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0x80 && QChar::isSpace(code)) || QChar::isSurrogate(code);
}

void TextExposer::mark(qsizetype start, qsizetype length)
{
    if (m_exposed.marks.size() >= 2 * ExposedText::kMaxMarks)
        return;
    if (m_exposed.marks.size() >= 2 && m_exposed.marks[m_exposed.marks.size() - 2] + m_exposed.marks.back() == start)
        m_exposed.marks.back() += static_cast<int>(length);
    else
        m_exposed.marks << static_cast<int>(start) << static_cast<int>(length);
}

void TextExposer::addMarked(QStringView text)
{
    if (text.isEmpty())
        return;
    mark(m_exposed.text.size(), text.size());
    m_exposed.text += text;
}

void TextExposer::addBreaks(qsizetype count, const QString& indent)
{
    for (qsizetype i = 0; i < std::min(count, kMostBreaks); ++i) {
        addMarked(u"\u23ce");
        m_exposed.text += u'\n';
        addMarked(indent);
    }
    if (count <= kMostBreaks)
        return;
    ++m_shortened;
    addMarked(tr("\u2039%1 more line breaks\u203a").arg(QLocale().toString(count - kMostBreaks)));
    m_exposed.text += u'\n';
    addMarked(indent);
}

void TextExposer::addBlanks(qsizetype count)
{
    if (count <= kMostBlanks) {
        m_exposed.text += QString(count, u' ');
        return;
    }
    ++m_shortened;
    addMarked(tr("\u2039%1 spaces\u203a").arg(QLocale().toString(count)));
}

/// A run of letters. Those of another script are marked among Latin ones, and where all look like Latin ones.
void TextExposer::addWord(QStringView word)
{
    bool hasLatin = false;
    bool allLookLatin = true;
    for (qsizetype at = 0; at < word.size();) {
        const auto [code, length] = codePointAt(word, at);
        const bool isLetter = QChar::isLetter(code);
        hasLatin = hasLatin || (isLetter && QChar::script(code) == QChar::Script_Latin);
        allLookLatin = allLookLatin && (!isLetter || contains(kLatinShapes, code));
        at += length;
    }
    for (qsizetype at = 0; at < word.size();) {
        const auto [code, length] = codePointAt(word, at);
        const char* script = hasLatin || allLookLatin ? deceptiveScript(code) : nullptr;
        if (!script) {
            addSign(code);
            at += length;
            continue;
        }
        qsizetype end = at;
        while (end < word.size() && deceptiveScript(codePointAt(word, end).code) == script)
            end += codePointAt(word, end).length;
        addMarked(word.sliced(at, end - at));
        addMarked(u"\u2039%1\u203a"_s.arg(tr(script)));
        name(m_scripts, tr(script));
        at = end;
    }
}

void TextExposer::addSign(char32_t code)
{
    if (isUnseen(code) || code == U'\r') {
        ++m_hidden;
        addMarked(codeOf(code));
        return;
    }
    const QString text = QString::fromUcs4(&code, 1);
    if (code < 0x80 || (!contains(kSigns, code) && !isStyled(code))) {
        m_exposed.text += text;
        return;
    }
    addMarked(text);
    name(m_signs, text + u' ' + codeOf(code));
}

void TextExposer::addText(QStringView text, const QString& indent)
{
    for (qsizetype at = 0; at < text.size();) {
        const auto [code, length] = codePointAt(text, at);
        qsizetype end = at + length;
        if (code == U'\n') {
            end = at + runOf(text, at, u'\n');
            addBreaks(end - at, indent);
        } else if (code == U' ') {
            end = at + runOf(text, at, u' ');
            addBlanks(end - at);
        } else if (code == U'\t') {
            addMarked(u"\u21e5");
        } else if (code == U'\r' && end < text.size() && text[end] == u'\n') {
            addMarked(u"\u240d"); // the usual pair
        } else if (isOfWord(code)) {
            while (end < text.size() && isOfWord(codePointAt(text, end).code))
                end += codePointAt(text, end).length;
            addWord(text.sliced(at, end - at));
        } else {
            addSign(code);
        }
        at = end;
    }
}

ExposedText TextExposer::take()
{
    const QLocale locale;
    if (m_hidden > 0)
        m_exposed.warnings +=
            m_hidden == 1
                ? tr("1 character that cannot be seen stands as its code.")
                : tr("%1 characters that cannot be seen stand as their codes.").arg(locale.toString(m_hidden));
    if (!m_scripts.isEmpty())
        m_exposed.warnings += tr("Letters look like Latin ones but are not: %1.").arg(m_scripts.join(u", "_s));
    if (!m_signs.isEmpty())
        m_exposed.warnings += tr("Signs look like plain ones but are not: %1.").arg(m_signs.join(u", "_s));
    if (m_shortened > 0)
        m_exposed.warnings += tr("Long runs of blanks or line breaks stand as their number.");
    return std::move(m_exposed);
}

} // namespace luthien::desktop
