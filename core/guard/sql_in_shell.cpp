// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_in_shell.h"

#include "guard/byte_set.h"
#include "guard/program_source.h"
#include "guard/shell_programs.h"
#include "guard/shell_words.h"
#include "guard/sql_scan.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace luthien::guard {

namespace {

/// bash -c in ssh in docker exec ...
constexpr int kMaxDepth = 6;
/// An option and its value can be one word (-eDROP, -tAcDROP): the value begins within this many letters.
constexpr std::size_t kMaxOptionLetters = 8;
/// Pipes and files together.
constexpr int kMaxInputs = 2000;

class ShellScanner
{
public:
    ShellScanner(const SqlOptions& options, FindingList& findings)
        : m_options(options)
        , m_findings(findings)
    {
    }

    /// False if the text could not be read to its end.
    bool scan(const MappedText& text, int depth)
    {
        if (depth > kMaxDepth || !m_findings.spend(text.size()))
            return false;
        const ShellScript script = readShell(text);
        bool readable = !script.unparsed;
        for (const ShellCommand& command : script.commands) {
            if (command.words.empty() || !isInteresting(command))
                continue;
            MappedText input = command.input;
            readable = appendOutput(script, command.fedBy, input) && readable;
            readable = appendFilesOf(command, script, input) && readable;
            readable = scanCommand(command.words, input, depth) && readable;
        }
        return readable;
    }

    /// Whether a program was given more than is followed. Unlike an open quote, this does not happen to prose.
    [[nodiscard]] bool leftInputUnread() const { return m_leftInputUnread; }

private:
    static bool isInteresting(const ShellCommand& command)
    {
        return programKind(programName(command.words[0].text())) != ProgramKind::Other ||
               destructiveTool(command.words);
    }

    /// False if it is more than is read.
    bool appendOutput(const ShellScript& script, CommandRange range, MappedText& input)
    {
        if (range.empty())
            return true;
        const std::optional<MappedText> output = ++m_inputs <= kMaxInputs ? knownOutput(script, range) : std::nullopt;
        const bool fits = output && input.size() + output->size() <= m_options.maxBytes;
        if (fits && !input.empty() && !output->empty())
            input.append('\n', output->originAt(0));
        if (fits)
            input.append(*output);
        m_leftInputUnread = m_leftInputUnread || !fits;
        return fits;
    }

    /// The files that the command may read: <(..), after <, and its words and option values that could be names of
    /// files. False if they are more than is read.
    bool appendFilesOf(const ShellCommand& command, const ShellScript& script, MappedText& input)
    {
        bool fits = true;
        const auto append = [&](std::string_view name) {
            for (const CommandRange& writers : writersOf(script, name))
                fits = fits && appendOutput(script, writers, input);
        };
        for (const CommandRange& file : command.given)
            fits = fits && appendOutput(script, file, input);
        for (const MappedText& file : command.reads)
            append(file.text());
        for (std::size_t i = 1; i < command.words.size() && !script.files.empty(); ++i) {
            const std::string_view word = command.words[i].text();
            const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string_view::npos;
            append(equals == std::string_view::npos ? word : word.substr(equals + 1));
            if (word.size() > 2 && word.starts_with('-') && word[1] != '-') // -fx.sql
                append(word.substr(2));
        }
        return fits;
    }

    bool scanCommand(std::span<const MappedText> words, const MappedText& input, int depth)
    {
        if (const auto reason = destructiveTool(words))
            m_findings.add(SqlClass::Tool, spanOf(words), joined(words, 0).text(), *reason);
        switch (programKind(programName(words[0].text()))) {
        case ProgramKind::SqlClient:
            scanClient(words, input);
            return true;
        case ProgramKind::Shell:
            return scanShellProgram(words, input, depth);
        case ProgramKind::Interpreter:
            scanInterpreter(words, input);
            return true;
        case ProgramKind::Wrapper:
            return scanWrapped(words, input, depth);
        case ProgramKind::RemoteShell:
            return scanRemote(words, input, depth);
        case ProgramKind::Other:
            break;
        }
        return true;
    }

    void scanSqlText(const MappedText& text) { scanSql(text, m_options, SqlCertainty::IsSql, m_findings); }

    /// Whatever the option is called, a word that is destructive SQL is not meant for anything else.
    void scanClient(std::span<const MappedText> words, const MappedText& input)
    {
        for (std::size_t i = 1; i < words.size(); ++i) {
            const std::string_view word = words[i].text();
            const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string_view::npos;
            if (equals != std::string_view::npos)
                scanSqlText(words[i].part(equals + 1, word.size()));
            else if (word.starts_with('-') && !word.starts_with("--") &&
                     word.find_first_of(" \t\n") != std::string_view::npos)
                scanAttached(words[i]);
            else
                scanSqlText(words[i]);
        }
        if (!input.empty())
            scanSqlText(input);
    }

    /// -eDROP..., -tAcDROP...
    void scanAttached(const MappedText& word)
    {
        const std::size_t before = m_findings.size();
        for (std::size_t i = 1; i < word.size() && i <= kMaxOptionLetters && m_findings.size() == before; ++i)
            scanSqlText(word.part(i, word.size()));
    }

    /// bash -c TEXT, eval WORDS, sh <<EOF
    bool scanShellProgram(std::span<const MappedText> words, const MappedText& input, int depth)
    {
        bool readable = true;
        if (words[0].text() == "eval") {
            readable = scan(joined(words, 1), depth + 1);
        } else {
            for (std::size_t i = 1; i < words.size(); ++i) {
                if (words[i].text().find_first_of(" \t\n") != std::string_view::npos)
                    readable = scan(words[i], depth + 1) && readable;
            }
            // `sudo bash psql` runs a file; `busybox sh dropdb x` does not exist: single words are no commands here.
        }
        return (input.empty() || scan(input, depth + 1)) && readable;
    }

    void scanInterpreter(std::span<const MappedText> words, const MappedText& input)
    {
        for (std::size_t i = 1; i < words.size(); ++i) {
            for (const MappedText& literal : sqlLiterals(words[i]))
                scanSqlText(literal);
        }
        for (const MappedText& literal : sqlLiterals(input))
            scanSqlText(literal);
    }

    /// The first remaining word that names a program we know begins the inner command.
    bool scanWrapped(std::span<const MappedText> words, const MappedText& input, int depth)
    {
        for (std::size_t i = 1; i < words.size(); ++i) {
            const std::span<const MappedText> inner = words.subspan(i);
            if (programKind(programName(inner[0].text())) != ProgramKind::Other || destructiveTool(inner))
                return depth < kMaxDepth && scanCommand(inner, input, depth + 1);
        }
        return true;
    }

    bool scanRemote(std::span<const MappedText> words, const MappedText& input, int depth)
    {
        for (std::size_t i = 1; i < words.size(); ++i) {
            const std::string_view word = words[i].text();
            const std::string_view first = word.substr(0, word.find_first_of(" \t\n"));
            const std::span<const MappedText> inner = words.subspan(i);
            if (first.size() < word.size() || programKind(programName(first)) != ProgramKind::Other ||
                destructiveTool(inner)) {
                const bool direct = scanCommand(inner, input, depth + 1);
                return scan(joined(words, i), depth + 1) && direct;
            }
        }
        return input.empty() || scan(input, depth + 1); // ssh host <<EOF
    }

    static MappedText joined(std::span<const MappedText> words, std::size_t first)
    {
        MappedText text;
        for (std::size_t i = first; i < words.size(); ++i) {
            if (!text.empty() && !words[i].empty())
                text.append(' ', words[i].originAt(0));
            text.append(words[i]);
        }
        return text;
    }

    static TextSpan spanOf(std::span<const MappedText> words)
    {
        const MappedText text = joined(words, 0);
        return text.origin({0, text.size()});
    }

    const SqlOptions& m_options;
    FindingList& m_findings;
    int m_inputs = 0;
    bool m_leftInputUnread = false;
};

/// Whether any word of the text, read without regard to quotes, names a program that could run SQL.
bool namesDatabaseProgram(std::string_view text)
{
    static constexpr ByteSet kBreaks(" \t\r\n'\"`;|&()<>$={}");
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = kBreaks.find(text, at);
        const ProgramKind kind = programKind(programName(text.substr(at, end - at)));
        if (kind == ProgramKind::SqlClient)
            return true;
        at = end + 1;
    }
    return false;
}

} // namespace

void scanShell(const MappedText& commandLine, const SqlOptions& options, bool reportUnparsed, FindingList& findings)
{
    ShellScanner scanner(options, findings);
    const bool readable = scanner.scan(commandLine, 0);
    if (!readable && (reportUnparsed || scanner.leftInputUnread()) && namesDatabaseProgram(commandLine.text()))
        findings.add(SqlClass::Unparsed, commandLine.origin({0, commandLine.size()}), commandLine.text(),
                     "the command can not be read to its end: a quote, parenthesis or here-document is open, it is "
                     "nested too deeply, or too much is piped on");
}

} // namespace luthien::guard
