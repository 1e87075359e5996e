// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/readable_arguments.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/readable_json.h"

#include <array>
#include <utility>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
/// In front of each further line of a string: no member of the JSON begins with it.
constexpr QStringView kWithin = u"\u2502 ";

/// Goes through indented JSON and shows what its strings stand for.
class StringReader
{
public:
    explicit StringReader(QStringView json)
        : m_json(json)
    {
    }

    ExposedText run()
    {
        while (m_at < m_json.size()) {
            const qsizetype quote = m_json.indexOf(u'"', m_at);
            const qsizetype end = quote < 0 ? m_json.size() : quote + 1;
            // Whoever asks a person has read it as strict JSON: between strings stand numbers and JSON's own signs.
            m_exposer.addFrame(m_json.sliced(m_at, end - m_at));
            m_at = end;
            if (quote >= 0)
                readString();
        }
        return m_exposer.take();
    }

private:
    void readString()
    {
        const qsizetype lineStart = m_json.lastIndexOf(u'\n', m_at - 1) + 1;
        qsizetype indent = 0;
        while (m_json[lineStart + indent] == u' ')
            ++indent;
        QString value;
        while (m_at < m_json.size() && m_json[m_at] != u'"')
            value += m_json[m_at] == u'\\' ? escape() : QString(m_json[m_at++]);
        m_exposer.addText(value, QString(indent + 2, u' ') + kWithin.toString());
        if (m_at < m_json.size())
            m_exposer.addFrame(m_json.sliced(m_at++, 1));
    }

    /// What an escape stands for; one that would end the string or begin another escape stays as it is written.
    QString escape()
    {
        static constexpr std::array<std::pair<char16_t, char16_t>, 6> kPlain{
            {{u'n', u'\n'}, {u't', u'\t'}, {u'r', u'\r'}, {u'b', u'\b'}, {u'f', u'\f'}, {u'/', u'/'}}};
        const qsizetype start = m_at++;
        if (m_at == m_json.size())
            return u"\\"_s;
        const QChar letter = m_json[m_at++];
        for (const auto& [name, meaning] : kPlain)
            if (letter == name)
                return QString(QChar(meaning));
        if (letter == u'u' && m_at + 4 <= m_json.size()) {
            bool isNumber = false;
            const ushort code = m_json.sliced(m_at, 4).toUShort(&isNumber, 16);
            if (isNumber && code != u'"' && code != u'\\') {
                m_at += 4;
                return QString(QChar(code));
            }
        }
        return m_json.sliced(start, m_at - start).toString();
    }

    QStringView m_json;
    qsizetype m_at = 0;
    TextExposer m_exposer;
};
} // namespace

ExposedText readableArguments(std::string_view arguments, bool isFreeText)
{
    if (isFreeText)
        return writtenArguments(arguments);
    const QString json = fromUtf8(indentJson(arguments));
    return StringReader(json).run();
}

std::string editableArguments(std::string_view arguments, bool isFreeText)
{
    if (isFreeText)
        return std::string(arguments);
    const QString json = fromUtf8(indentJson(arguments));
    QString escaped;
    for (const char32_t code : json.toUcs4()) {
        const QString character = QString::fromUcs4(&code, 1);
        // In strict JSON only strings hold what is not ASCII.
        if (code < 0x80 || !isUnseen(code)) {
            escaped += character;
            continue;
        }
        for (const QChar unit : character)
            escaped += u"\\u%1"_s.arg(static_cast<uint>(unit.unicode()), 4, 16, QLatin1Char('0'));
    }
    return escaped.toStdString();
}

ExposedText writtenArguments(std::string_view arguments)
{
    TextExposer exposer;
    exposer.addText(fromUtf8(arguments));
    return exposer.take();
}

} // namespace luthien::desktop
