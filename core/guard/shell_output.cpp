// SPDX-License-Identifier: Apache-2.0
#include "guard/shell_words.h"

#include <algorithm>
#include <array>

namespace luthien::guard {

namespace {

/// Filters whose output is still about what they were given.
constexpr std::array<std::string_view, 14> kFilters{"cat",  "tee",  "sed",  "envsubst", "tr",     "head", "tail",
                                                    "grep", "sort", "uniq", "iconv",    "sponge", "awk",  "pv"};

constexpr int kMaxPipeline = 16;
/// Each command of a group may read what is piped into the group, so `| { cat; cat; }` doubles with every stage.
constexpr std::size_t kMaxAsked = 4000;
constexpr std::size_t kMaxBytes = 2UL * 1024 * 1024;

MappedText unescaped(const MappedText& word)
{
    MappedText result;
    const std::string_view text = word.text();
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t escape = std::min(text.find('\\', i), text.size());
        result.append(word, i, escape);
        if (escape == text.size())
            break;
        const char next = escape + 1 < text.size() ? text[escape + 1] : '\0';
        if (next == '\0') {
            result.append('\\', word.originAt(escape));
            i = escape + 1;
            continue;
        }
        result.append(next == 'n' ? '\n' : next == 't' ? '\t' : next, word.originAt(escape));
        i = escape + 2;
    }
    return result;
}

MappedText echoOutput(const ShellCommand& command)
{
    MappedText result;
    std::size_t i = 1;
    bool escapes = false;
    for (; i < command.words.size(); ++i) {
        const std::string_view word = command.words[i].text();
        if (word != "-n" && word != "-e" && word != "-E" && word != "-ne" && word != "-en")
            break;
        escapes = escapes || word.find('e') != std::string_view::npos;
    }
    for (; i < command.words.size(); ++i) {
        if (!result.empty() && !command.words[i].empty())
            result.append(' ', command.words[i].originAt(0));
        result.append(escapes ? unescaped(command.words[i]) : command.words[i]);
    }
    return result;
}

/// printf FORMAT ARGUMENT...: conversions take the arguments in turn, the format is used once.
MappedText printfOutput(const ShellCommand& command)
{
    MappedText result;
    std::size_t first = 1;
    if (first < command.words.size() && command.words[first].text() == "--")
        ++first;
    if (first >= command.words.size())
        return result;
    const MappedText format = unescaped(command.words[first]);
    const std::string_view text = format.text();
    std::size_t argument = first + 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%' || i + 1 >= text.size()) {
            result.append(text[i], format.originAt(i));
            continue;
        }
        i = std::min(text.find_first_not_of("-+ #0123456789.", i + 1), text.size() - 1);
        if (text[i] == '%')
            result.append('%', format.originAt(i));
        else if (argument < command.words.size())
            result.append(unescaped(command.words[argument++]));
    }
    for (; argument < command.words.size(); ++argument) { // the format again, for each further argument
        if (!command.words[argument].empty())
            result.append('\n', command.words[argument].originAt(0));
        result.append(unescaped(command.words[argument]));
    }
    return result;
}

class OutputReader
{
public:
    explicit OutputReader(const std::vector<ShellCommand>& commands)
        : m_commands(commands)
    {
    }

    [[nodiscard]] MappedText of(CommandRange range, int depth)
    {
        MappedText result;
        m_tooDeep = m_tooDeep || (depth >= kMaxPipeline && !range.empty());
        for (std::size_t i = range.begin; i < range.end && i < m_commands.size() && isWithinBounds(); ++i) {
            const MappedText output = of(m_commands[i], depth + 1);
            if (!result.empty() && !output.empty())
                result.append('\n', output.originAt(0));
            result.append(output);
        }
        return result;
    }

    [[nodiscard]] bool isWithinBounds() const { return !m_tooDeep && m_asked <= kMaxAsked && m_bytes <= kMaxBytes; }

private:
    MappedText of(const ShellCommand& command, int depth)
    {
        ++m_asked;
        if (command.words.empty())
            return {};
        const std::string_view program = programName(command.words[0].text());
        if (program == "echo")
            return counted(echoOutput(command));
        if (program == "printf")
            return counted(printfOutput(command));
        if (std::find(kFilters.begin(), kFilters.end(), program) == kFilters.end())
            return {};
        return command.input.empty() ? of(command.fedBy, depth) : counted(command.input);
    }

    MappedText counted(MappedText output)
    {
        m_bytes += output.size();
        return output;
    }

    const std::vector<ShellCommand>& m_commands;
    bool m_tooDeep = false;
    std::size_t m_asked = 0;
    std::size_t m_bytes = 0;
};

} // namespace

std::optional<MappedText> knownOutput(const std::vector<ShellCommand>& commands, CommandRange range)
{
    OutputReader reader(commands);
    MappedText output = reader.of(range, 0);
    return reader.isWithinBounds() ? std::optional(std::move(output)) : std::nullopt;
}

std::string_view programName(std::string_view word)
{
    std::size_t begin = word.size();
    while (begin > 0 && word[begin - 1] != '/' && word[begin - 1] != '\\')
        --begin;
    word.remove_prefix(begin);
    return word.ends_with(".exe") ? word.substr(0, word.size() - 4) : word;
}

} // namespace luthien::guard
