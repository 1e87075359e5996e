// SPDX-License-Identifier: Apache-2.0
#include "guard/shell_programs.h"
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

bool isFilter(std::string_view program)
{
    return std::find(kFilters.begin(), kFilters.end(), program) != kFilters.end();
}

/// Of a filter: its words are files that it writes, not files that it reads.
bool writesItsWords(std::string_view program)
{
    return program == "tee" || program == "sponge";
}

/// The command behind sudo, timeout and the like, if it is one whose output can be known.
std::span<const MappedText> unwrapped(std::span<const MappedText> words)
{
    if (words.empty() || programKind(programName(words[0].text())) != ProgramKind::Wrapper)
        return words;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::string_view program = programName(words[i].text());
        if (program == "echo" || program == "printf" || isFilter(program))
            return words.subspan(i);
    }
    return words;
}

/// The same file has the same name here with and without ./ before it.
std::string_view plainName(std::string_view file)
{
    while (file.starts_with("./"))
        file.remove_prefix(std::min(file.find_first_not_of('/', 1), file.size()));
    return file;
}

MappedText echoOutput(std::span<const MappedText> words)
{
    MappedText result;
    std::size_t i = 1;
    bool escapes = false;
    for (; i < words.size(); ++i) {
        const std::string_view word = words[i].text();
        if (word != "-n" && word != "-e" && word != "-E" && word != "-ne" && word != "-en")
            break;
        escapes = escapes || word.find('e') != std::string_view::npos;
    }
    for (; i < words.size(); ++i) {
        if (!result.empty() && !words[i].empty())
            result.append(' ', words[i].originAt(0));
        result.append(escapes ? unescaped(words[i]) : words[i]);
    }
    return result;
}

/// printf FORMAT ARGUMENT...: conversions take the arguments in turn, the format is used once.
MappedText printfOutput(std::span<const MappedText> words)
{
    MappedText result;
    std::size_t first = 1;
    if (first < words.size() && words[first].text() == "--")
        ++first;
    if (first >= words.size())
        return result;
    const MappedText format = unescaped(words[first]);
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
        else if (argument < words.size())
            result.append(unescaped(words[argument++]));
    }
    for (; argument < words.size(); ++argument) { // the format again, for each further argument
        if (!words[argument].empty())
            result.append('\n', words[argument].originAt(0));
        result.append(unescaped(words[argument]));
    }
    return result;
}

class OutputReader
{
public:
    explicit OutputReader(const ShellScript& script)
        : m_script(script)
    {
    }

    [[nodiscard]] MappedText of(CommandRange range, int depth)
    {
        MappedText result;
        m_tooDeep = m_tooDeep || (depth >= kMaxPipeline && !range.empty());
        for (std::size_t i = range.begin; i < range.end && i < m_script.commands.size() && isWithinBounds(); ++i)
            appendLine(result, of(i, depth + 1));
        return result;
    }

    [[nodiscard]] bool isWithinBounds() const { return !m_tooDeep && m_asked <= kMaxAsked && m_bytes <= kMaxBytes; }

private:
    static void appendLine(MappedText& result, const MappedText& output)
    {
        if (!result.empty() && !output.empty())
            result.append('\n', output.originAt(0));
        result.append(output);
    }

    MappedText of(std::size_t index, int depth)
    {
        ++m_asked;
        const ShellCommand& command = m_script.commands[index];
        const std::span<const MappedText> words = unwrapped(command.words);
        const std::string_view program = words.empty() ? "cat" : programName(words[0].text()); // $(<file)
        if (program == "echo")
            return counted(echoOutput(words));
        if (program == "printf")
            return counted(printfOutput(words));
        if (!isFilter(program) || std::find(m_asking.begin(), m_asking.end(), index) != m_asking.end())
            return {};
        m_asking.push_back(index);
        MappedText result = command.input.empty() ? of(command.fedBy, depth) : counted(command.input);
        for (const CommandRange& file : command.given)
            appendLine(result, of(file, depth));
        for (const MappedText& file : command.reads)
            appendFile(result, file.text(), depth);
        for (std::size_t i = 1; i < words.size() && !writesItsWords(program); ++i)
            appendFile(result, words[i].text(), depth);
        m_asking.pop_back();
        return result;
    }

    void appendFile(MappedText& result, std::string_view file, int depth)
    {
        for (const CommandRange& writers : writersOf(m_script, file)) {
            if (!isWithinBounds())
                return;
            appendLine(result, of(writers, depth));
        }
    }

    MappedText counted(MappedText output)
    {
        m_bytes += output.size();
        return output;
    }

    const ShellScript& m_script;
    std::vector<std::size_t> m_asking; ///< filters whose input is being found: `cat a >> a` adds nothing to a
    bool m_tooDeep = false;
    std::size_t m_asked = 0;
    std::size_t m_bytes = 0;
};

} // namespace

std::optional<MappedText> knownOutput(const ShellScript& script, CommandRange range)
{
    OutputReader reader(script);
    MappedText output = reader.of(range, 0);
    return reader.isWithinBounds() ? std::optional(std::move(output)) : std::nullopt;
}

void noteFiles(ShellScript& script, CommandRange writers, std::span<const MappedText> redirectedTo,
               std::span<const MappedText> words)
{
    for (const MappedText& file : redirectedTo) {
        if (file.text() != "/dev/null")
            script.files[std::string(plainName(file.text()))].push_back(writers);
    }
    const bool mayBeTee = std::any_of(words.begin(), words.end(), [](const MappedText& word) { // most have none
        return word.text().ends_with("tee") || word.text().ends_with("sponge");
    });
    const std::span<const MappedText> inner = mayBeTee ? unwrapped(words) : std::span<const MappedText>();
    if (inner.empty() || !writesItsWords(programName(inner[0].text())))
        return;
    for (const MappedText& file : inner.subspan(1)) {
        if (!file.text().starts_with('-'))
            script.files[std::string(plainName(file.text()))].push_back(writers);
    }
}

std::span<const CommandRange> writersOf(const ShellScript& script, std::string_view file)
{
    const auto found = script.files.find(plainName(file));
    return found == script.files.end() ? std::span<const CommandRange>() : found->second;
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
