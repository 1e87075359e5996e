// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/readable_json.h"

#include <QByteArrayView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <array>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr std::size_t kDeepest = 32;

class Indenter
{
public:
    std::string run(std::string_view json)
    {
        m_output.reserve(json.size() * 5 / 4);
        for (const char c : json)
            take(c);
        return std::move(m_output);
    }

private:
    void take(char c)
    {
        if (m_inString)
            return takeInString(c);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            return;
        const bool closes = c == '}' || c == ']';
        if (closes) {
            m_depth -= m_depth > 0 ? 1 : 0;
            if (!m_justOpened)
                breakLine();
        } else if (m_justOpened) {
            breakLine();
        }
        m_justOpened = c == '{' || c == '[';
        m_output += c;
        if (c == '"')
            m_inString = true;
        else if (m_justOpened)
            ++m_depth;
        else if (c == ',')
            breakLine();
        else if (c == ':')
            m_output += ' ';
    }

    void takeInString(char c)
    {
        m_output += c;
        if (m_escaped)
            m_escaped = false;
        else if (c == '\\')
            m_escaped = true;
        else if (c == '"')
            m_inString = false;
    }

    void breakLine()
    {
        m_output += '\n';
        m_output.append(2 * std::min(m_depth, kDeepest), ' ');
    }

    std::string m_output;
    std::size_t m_depth = 0;
    bool m_inString = false;
    bool m_escaped = false;
    bool m_justOpened = false;
};
} // namespace

bool looksLikeJson(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos || (text[begin] != '{' && text[begin] != '['))
        return false;
    // "[warning] ..." is a line of a log.
    const auto next = text.find_first_not_of(" \t\r\n", begin + 1);
    constexpr std::string_view kBegins = "\"{}[]-0123456789tfn";
    return next == std::string_view::npos || (text[begin] == '{' ? text[next] == '"' || text[next] == '}'
                                                                 : kBegins.find(text[next]) != std::string_view::npos);
}

std::string indentJson(std::string_view json)
{
    if (!looksLikeJson(json))
        return std::string(json);
    return Indenter().run(json);
}

std::string tellingArgument(std::string_view arguments)
{
    constexpr std::array kKeys = {"command"_L1, "cmd"_L1,     "file_path"_L1, "path"_L1, "url"_L1,
                                  "query"_L1,   "pattern"_L1, "input"_L1,     "code"_L1, "description"_L1};
    const QJsonObject object =
        QJsonDocument::fromJson(QByteArray(arguments.data(), static_cast<qsizetype>(arguments.size()))).object();
    for (const auto key : kKeys) {
        const QJsonValue value = object.value(key);
        if (value.isString() && !value.toString().isEmpty())
            return value.toString().toStdString();
        // Codex passes commands as an argument vector.
        if (value.isArray()) {
            QStringList words;
            for (const auto& word : value.toArray())
                words += word.toString();
            return words.join(u' ').toStdString();
        }
    }
    return std::string(arguments == "{}" ? std::string_view() : arguments);
}

} // namespace luthien::desktop
