// SPDX-License-Identifier: Apache-2.0
#include "demo/shell_tool.h"

#include <algorithm>
#include <vector>

namespace luthien::demo {

namespace {
constexpr std::size_t kMaxCommandBytes = 64 * 1024;
constexpr std::string_view kTablesSql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name;";

Error unsupported(std::string message)
{
    return {.code = ErrorCode::Unsupported, .message = std::move(message)};
}

/// Cuts one simple command into words. What a shell would do more with than taking quotes away is refused.
class WordCutter
{
public:
    explicit WordCutter(std::string_view command)
        : m_rest(command)
    {
    }

    Result<std::vector<std::string>> cut()
    {
        while (!m_rest.empty()) {
            const char c = take();
            const bool isTaken = c == '\''  ? takeSingleQuoted()
                                 : c == '"' ? takeDoubleQuoted()
                                 : c == ' ' ? endWord()
                                            : takePlain(c);
            if (!isTaken)
                return unsupported("only a simple command is run here: sqlite3 shop.db \"SQL\"");
        }
        endWord();
        return std::move(m_words);
    }

private:
    char take()
    {
        const char c = m_rest.front();
        m_rest.remove_prefix(1);
        return c;
    }
    bool endWord()
    {
        if (m_isInWord)
            m_words.push_back(std::move(m_word));
        m_word.clear();
        m_isInWord = false;
        return true;
    }
    bool takePlain(char c)
    {
        if (std::string_view("\\|&;<>()$`\n\t*?[]{}~!#").find(c) != std::string_view::npos)
            return false;
        m_word += c;
        m_isInWord = true;
        return true;
    }
    bool takeSingleQuoted()
    {
        const std::size_t end = m_rest.find('\'');
        if (end == std::string_view::npos)
            return false;
        m_word += m_rest.substr(0, end);
        m_rest.remove_prefix(end + 1);
        m_isInWord = true;
        return true;
    }
    bool takeDoubleQuoted()
    {
        m_isInWord = true;
        while (!m_rest.empty()) {
            char c = take();
            if (c == '"')
                return true;
            if (c == '$' || c == '`')
                return false;
            if (c == '\\' && !m_rest.empty() &&
                std::string_view("\"\\$`").find(m_rest.front()) != std::string_view::npos)
                c = take();
            m_word += c;
        }
        return false;
    }

    std::string_view m_rest;
    std::string m_word;
    bool m_isInWord = false;
    std::vector<std::string> m_words;
};
} // namespace

Result<std::string> sqlOfCommand(std::string_view command)
{
    if (command.size() > kMaxCommandBytes || command.find('\0') != std::string_view::npos)
        return unsupported("the command is too long");
    auto words = WordCutter(command).cut();
    if (!words)
        return words.error();
    if (words->empty() || words->front() != "sqlite3")
        return unsupported((words->empty() ? std::string("''") : words->front()) + ": command not found");
    if (words->size() != 3 || (*words)[1] != Shop::kFileName)
        return unsupported("sqlite3: takes shop.db and one text of SQL");
    return std::move(words->back());
}

ToolOutput runCommand(Shop& shop, std::string_view command)
{
    auto sql = sqlOfCommand(command);
    if (!sql)
        return {.text = sql.error().message, .isError = true};
    auto output = shop.run(*sql == ".tables" ? std::string(kTablesSql) : *sql);
    if (!output)
        return {.text = "Error: " + output.error().message, .isError = true};
    return {.text = *std::move(output)};
}

} // namespace luthien::demo
