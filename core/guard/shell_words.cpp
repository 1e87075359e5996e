// SPDX-License-Identifier: Apache-2.0
#include "guard/shell_words.h"

#include "guard/ansi_escape.h"
#include "guard/shell_syntax.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace luthien::guard {

namespace {

constexpr int kMaxDepth = 12;
constexpr std::size_t kMaxCommands = 1000;
constexpr std::size_t kUsualWords = 8;
/// Of all expanded variables together: `a=xx; b=$a$a; c=$b$b` doubles with every step.
constexpr std::size_t kMaxExpandedBytes = 1024 * 1024;

/// What all readers of one command line share.
struct Environment
{
    ShellScript& script;
    std::map<std::string, MappedText, std::less<>> variables;
    std::size_t expandedBytes = 0;
};

class Reader
{
public:
    Reader(const MappedText& in, Environment& environment, int depth)
        : m_in(in)
        , m_text(in.text())
        , m_environment(environment)
        , m_script(environment.script)
        , m_depth(depth)
    {
    }

    /// Reads commands to the end, or to the `)` that closes this list.
    void readList(bool toParenthesis)
    {
        ++m_depth;
        while (m_at < m_text.size() && isWithinBounds()) {
            if (toParenthesis && m_text[m_at] == ')') {
                finishCommand();
                --m_depth;
                return;
            }
            readOne();
        }
        finishCommand();
        if (toParenthesis || !isWithinBounds() || !m_hereDocuments.empty())
            m_script.unparsed = true;
        --m_depth;
    }

private:
    static constexpr std::size_t kCurrent = static_cast<std::size_t>(-1);
    enum class GroupEnd : std::uint8_t { None, Word, Parenthesis }; ///< what the command begins behind

    struct HereDocument
    {
        std::string delimiter;
        bool quoted = false;
        bool stripTabs = false;
        std::size_t command = kCurrent; ///< index in the script, once the command is finished
    };

    struct Group
    {
        std::size_t begin = 0;
        CommandRange fedBy;
    };

    [[nodiscard]] bool isWithinBounds() const
    {
        return m_depth <= kMaxDepth && m_script.commands.size() < kMaxCommands;
    }
    [[nodiscard]] char at(std::size_t index) const { return index < m_text.size() ? m_text[index] : '\0'; }
    [[nodiscard]] bool sees(std::string_view what) const { return m_text.substr(m_at).starts_with(what); }
    void keep(MappedText& word) { keepTo(m_at + 1, word); }
    void keepTo(std::size_t end, MappedText& word)
    {
        word.append(m_in, m_at, end);
        m_at = end;
    }

    void readOne()
    {
        const char c = m_text[m_at];
        if (isBlank(c) || sees("\\\n")) {
            m_at += c == '\\' ? 2 : 1;
        } else if (c == '\n') {
            ++m_at;
            finishCommand();
            readHereDocuments();
        } else if (c == '#') {
            m_at = std::min(m_text.find('\n', m_at), m_text.size());
        } else if (sees("<(") || sees(">(")) {
            readProcess();
        } else if (c == '<' || c == '>' || sees("&>")) {
            readRedirection();
        } else if (c == ';' || c == '&' || c == '|') {
            readOperator();
        } else if (c == '(') {
            readParenthesis();
        } else if (c == ')') {
            ++m_at;
            finishCommand();
        } else {
            readArgument();
        }
    }

    /// <(..) is a file to the command; >(..) reads what the command is fed with, as of tee.
    void readProcess()
    {
        const bool isRead = m_text[m_at] == '<';
        m_at += 2;
        const CommandRange inner = readSubstitution(isRead ? CommandRange{} : m_fedBy);
        if (isRead && !inner.empty())
            m_command.given.push_back(inner);
    }

    void readOperator()
    {
        const bool pipe = m_text[m_at] == '|' && at(m_at + 1) != '|';
        m_at += at(m_at + 1) == m_text[m_at] || sees("|&") ? 2 : 1;
        finishCommand();
        if (pipe)
            m_fedBy = {m_unitBegin, m_script.commands.size()};
    }

    void readParenthesis()
    {
        ++m_at;
        if (!m_command.words.empty() && at(m_at) == ')') { // f() { ...; }
            ++m_at;
            m_command = {};
            return;
        }
        finishCommand();
        openGroup();
        readList(true);
        ++m_at;
        closeGroup();
        m_groupEnd = GroupEnd::Parenthesis;
    }

    void openGroup()
    {
        m_groups.push_back(
            {m_script.commands.size(), m_fedBy.empty() && !m_groups.empty() ? m_groups.back().fedBy : m_fedBy});
        m_fedBy = {};
    }

    void closeGroup()
    {
        if (m_groups.empty())
            return;
        m_unitBegin = m_groups.back().begin;
        m_groups.pop_back();
    }

    void readRedirection()
    {
        if (sees("<<<")) {
            m_at += 3;
            m_command.input.append(readWordAfterBlanks());
        } else if (sees("<<")) {
            readHereDocumentStart();
        } else {
            const bool input = m_text[m_at] == '<';
            while (at(m_at) == '<' || at(m_at) == '>' || at(m_at) == '&' || at(m_at) == '|')
                ++m_at;
            MappedText file = readWordAfterBlanks();
            if (!file.empty())
                (input ? m_command.reads : m_command.writes).push_back(std::move(file));
        }
    }

    void readHereDocumentStart()
    {
        m_at += 2;
        HereDocument document;
        if (at(m_at) == '-') {
            document.stripTabs = true;
            ++m_at;
        }
        while (isBlank(at(m_at)))
            ++m_at;
        while (m_at < m_text.size() && !kDelimiterEnds.contains(m_text[m_at])) {
            const char c = m_text[m_at++];
            if (c == '\'' || c == '"') {
                const std::size_t close = std::min(m_text.find(c, m_at), m_text.size());
                document.delimiter += m_text.substr(m_at, close - m_at);
                m_at = std::min(close + 1, m_text.size());
                document.quoted = true;
            } else if (c == '\\') {
                document.quoted = true;
            } else {
                document.delimiter.push_back(c);
            }
        }
        m_hereDocuments.push_back(std::move(document));
    }

    void readHereDocuments()
    {
        for (const HereDocument& document : std::exchange(m_hereDocuments, {})) {
            const MappedText body = readHereDocumentBody(document);
            const MappedText text = document.quoted ? body : expanded(body); // may add to the commands
            m_script.commands[document.command].input.append(text);
        }
    }

    MappedText readHereDocumentBody(const HereDocument& document)
    {
        MappedText body;
        while (m_at < m_text.size()) {
            const std::size_t end = std::min(m_text.find('\n', m_at), m_text.size());
            std::size_t begin = m_at;
            while (document.stripTabs && at(begin) == '\t')
                ++begin;
            std::string_view line = m_text.substr(begin, end - begin);
            m_at = std::min(end + 1, m_text.size());
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            if (line == document.delimiter)
                return body;
            body.append(m_in, begin, m_at);
        }
        m_script.unparsed = true; // bash only warns, and takes the rest as the document
        return body;
    }

    /// Text in which $x, $(..) and `..` mean something, but quotes do not.
    MappedText expanded(const MappedText& text)
    {
        Reader reader(text, m_environment, m_depth + 1);
        MappedText result;
        while (reader.m_at < text.size() && m_depth < kMaxDepth)
            reader.readQuoted(result);
        if (reader.m_at < text.size())
            m_script.unparsed = true;
        return result;
    }

    MappedText readWordAfterBlanks()
    {
        while (isBlank(at(m_at)) || sees("\\\n"))
            m_at += at(m_at) == '\\' ? 2 : 1;
        std::optional<MappedText> first;
        readWord([&](MappedText word) {
            if (!first)
                first = std::move(word);
        });
        return first ? std::move(*first) : MappedText{};
    }

    void readArgument()
    {
        const std::size_t begin = m_at;
        readWord([&](MappedText word) {
            const bool descriptor = word.size() == 1 && word.text()[0] >= '0' && word.text()[0] <= '9' &&
                                    (at(m_at) == '<' || at(m_at) == '>') && m_at == begin + 1; // 2>file
            if (!descriptor)
                addWord(std::move(word));
        });
        if (m_at == begin) // cannot happen; never loop
            ++m_at;
    }

    void addWord(MappedText word)
    {
        if (m_command.words.empty() && noteAssignment(word))
            return;
        const std::string_view text = word.text();
        if (m_command.words.empty() && isOneOf(text, kOpeningWords) && text != "do") {
            openGroup();
            if (text == "for" || text == "case" || text == "select")
                m_command.words.push_back(std::move(word)); // `for x in a b` is a command of its own
            return;
        }
        if (m_command.words.empty() && isOneOf(text, kClosingWords)) {
            m_groupEnd = GroupEnd::Word;
            return;
        }
        if (m_command.words.empty() && (isOneOf(text, kOtherWords) || text == "do"))
            return;
        if (m_command.words.empty())
            m_command.words.reserve(kUsualWords);
        m_command.words.push_back(std::move(word));
        if (assignedNameLength(m_command.words.back().text()) > 0 && isOneOf(m_command.words[0].text(), kDeclaring))
            noteAssignment(m_command.words.back());
    }

    /// NAME=value, and NAME=(value value) whose list is read as one.
    bool noteAssignment(const MappedText& word)
    {
        const std::size_t length = assignedNameLength(word.text());
        if (length == 0)
            return false;
        const bool appends = word.text()[length] == '+';
        const std::string name(word.text().substr(0, length));
        MappedText value = word.part(length + (appends ? 2 : 1), word.size());
        MappedText& variable = m_environment.variables[name];
        if (appends)
            variable.append(value);
        else
            variable = std::move(value);
        return true;
    }

    void finishCommand()
    {
        const GroupEnd groupEnd = std::exchange(m_groupEnd, GroupEnd::None);
        if (groupEnd == GroupEnd::Word)
            closeGroup();
        const std::size_t index = m_script.commands.size();
        const bool ofGroup = groupEnd != GroupEnd::None && m_command.words.empty() && m_unitBegin < index;
        bool awaitsDocument = false;
        for (HereDocument& document : m_hereDocuments) {
            awaitsDocument = awaitsDocument || document.command == kCurrent;
            if (document.command == kCurrent)
                document.command = ofGroup ? index - 1 : index; // done <<EOF feeds its loop
        }
        if (ofGroup)
            return redirectGroup();
        if (m_command.words.empty() && m_command.input.empty() && m_command.reads.empty() && !awaitsDocument) {
            m_command = {};
            return;
        }
        noteRead();
        m_command.fedBy = m_fedBy.empty() && !m_groups.empty() ? m_groups.back().fedBy : m_fedBy;
        m_fedBy = {};
        m_unitBegin = index;
        noteFiles(m_script, {index, index + 1}, m_command.writes, m_command.words);
        m_script.commands.push_back(std::exchange(m_command, {}));
    }

    /// `{ a; b; } <x >y`: what stands behind the group is for its last command and by all of them.
    void redirectGroup()
    {
        ShellCommand& last = m_script.commands.back();
        last.input.append(m_command.input);
        std::move(m_command.reads.begin(), m_command.reads.end(), std::back_inserter(last.reads));
        last.given.insert(last.given.end(), m_command.given.begin(), m_command.given.end());
        noteFiles(m_script, {m_unitBegin, m_script.commands.size()}, m_command.writes, {});
        m_command = {};
    }

    /// `read NAME <<< text`
    void noteRead()
    {
        if (m_command.words.size() > 1 && m_command.words[0].text() == "read" && !m_command.input.empty())
            m_environment.variables[std::string(m_command.words.back().text())] = m_command.input;
    }

    /// Calls take(word) for the next word; for several if an unquoted variable with blanks in it is part of it.
    template <typename Take>
    void readWord(Take&& take)
    {
        MappedText word;
        bool quoted = false;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (!kWordSigns.contains(c)) {
                keepTo(kWordSigns.find(m_text, m_at), word);
            } else if (c == '\'' || c == '"' || sees("$'") || sees("$\"")) {
                readQuotes(word);
                quoted = true;
            } else if (c == '\\') {
                readBackslash(word);
            } else if (c == '(' && word.text().ends_with('=')) {
                readArray(word);
            } else if (c == '$' || c == '`') {
                MappedText value;
                readExpansion(value);
                split(value, word, take);
            } else {
                break;
            }
        }
        if (!word.empty() || quoted)
            take(std::move(word));
    }

    template <typename Take>
    static void split(const MappedText& value, MappedText& word, Take&& take)
    {
        for (std::size_t i = 0; i < value.size(); ++i) {
            const char c = value.text()[i];
            if (!isBlank(c) && c != '\n')
                word.append(c, value.originAt(i));
            else if (!word.empty())
                take(std::exchange(word, {}));
        }
    }

    void readBackslash(MappedText& word)
    {
        ++m_at;
        if (at(m_at) == '\n')
            ++m_at;
        else if (m_at < m_text.size())
            keep(word);
    }

    /// a=(b c): kept as "b c".
    void readArray(MappedText& word)
    {
        ++m_at;
        if (++m_depth > kMaxDepth) {
            m_script.unparsed = true;
            --m_depth;
            return;
        }
        while (m_at < m_text.size() && m_text[m_at] != ')') {
            const std::size_t begin = m_at;
            readWord([&](const MappedText& element) {
                word.append(element);
                word.append(' ', m_in.originAt(begin));
            });
            if (m_at == begin)
                ++m_at;
        }
        if (m_at >= m_text.size())
            m_script.unparsed = true;
        ++m_at;
        --m_depth;
    }

    void readQuotes(MappedText& word)
    {
        const bool dollar = m_text[m_at] == '$';
        m_at += dollar ? 1 : 0;
        const char quote = m_text[m_at++];
        while (m_at < m_text.size() && m_text[m_at] != quote) {
            if (quote == '"')
                readQuoted(word);
            else if (dollar && m_text[m_at] == '\\')
                m_at = appendAnsiEscape(m_in, m_at, word);
            else if (dollar)
                keep(word);
            else
                keepTo(std::min(m_text.find(quote, m_at), m_text.size()), word);
        }
        if (m_at >= m_text.size())
            m_script.unparsed = true;
        ++m_at;
    }

    /// Plain bytes between double quotes, or an escape or expansion there.
    void readQuoted(MappedText& word)
    {
        const char c = m_text[m_at];
        const char next = at(m_at + 1);
        if (c == '$' || c == '`') {
            readExpansion(word);
        } else if (c == '\\' && (next == '$' || next == '`' || next == '"' || next == '\\' || next == '\n')) {
            ++m_at;
            if (next == '\n')
                ++m_at;
            else
                keep(word);
        } else if (kQuotedSigns.contains(c)) {
            keep(word);
        } else {
            keepTo(kQuotedSigns.find(m_text, m_at), word);
        }
    }

    /// $NAME, ${..}, $(..), $((..)) or `..`: the value if it is known, else the text as it stands.
    void readExpansion(MappedText& word)
    {
        if (m_text[m_at] == '`')
            return readBackticks(word);
        if (sees("$(")) {
            m_at += 2;
            const CommandRange inner = readSubstitution();
            return appendOutput(word, inner);
        }
        const std::size_t begin = m_at++;
        const bool braces = at(m_at) == '{';
        const std::size_t nameBegin = m_at + (braces ? 1 : 0);
        std::size_t nameEnd = nameBegin;
        while (isNameByte(at(nameEnd)))
            ++nameEnd;
        m_at = braces ? std::min(m_text.find('}', nameEnd), m_text.size() - 1) + 1 : nameEnd;
        const auto known = m_environment.variables.find(m_text.substr(nameBegin, nameEnd - nameBegin));
        append(word, known != m_environment.variables.end() ? known->second : m_in.part(begin, m_at));
    }

    void appendOutput(MappedText& word, CommandRange range)
    {
        if (const std::optional<MappedText> output = knownOutput(m_script, range))
            append(word, *output);
        else
            m_script.unparsed = true;
    }

    void append(MappedText& word, const MappedText& value)
    {
        m_environment.expandedBytes += value.size();
        if (m_environment.expandedBytes <= kMaxExpandedBytes)
            word.append(value);
        else
            m_script.unparsed = true;
    }

    /// The commands of $( .. ), read in place; the cursor stands behind the opening.
    CommandRange readSubstitution(CommandRange innerFedBy = {})
    {
        auto command = std::exchange(m_command, {});
        const auto groupEnd = std::exchange(m_groupEnd, GroupEnd::None);
        const auto fedBy = std::exchange(m_fedBy, innerFedBy);
        auto groups = std::exchange(m_groups, {});
        auto documents = std::exchange(m_hereDocuments, {});
        const std::size_t first = m_script.commands.size();
        readList(true);
        ++m_at;
        const CommandRange result{std::max(m_unitBegin, first), m_script.commands.size()};
        m_command = std::move(command);
        m_groupEnd = groupEnd;
        m_fedBy = fedBy;
        m_groups = std::move(groups);
        m_hereDocuments = std::move(documents);
        m_unitBegin = m_script.commands.size();
        return result;
    }

    void readBackticks(MappedText& word)
    {
        MappedText inner;
        for (++m_at; m_at < m_text.size() && m_text[m_at] != '`';) {
            const char next = at(m_at + 1);
            if (m_text[m_at] == '\\' && (next == '`' || next == '\\' || next == '$'))
                ++m_at;
            keep(inner);
        }
        if (m_at >= m_text.size())
            m_script.unparsed = true;
        ++m_at;
        const std::size_t first = m_script.commands.size();
        Reader(inner, m_environment, m_depth).readList(false);
        m_unitBegin = m_script.commands.size();
        appendOutput(word, {first, m_script.commands.size()});
    }

    const MappedText& m_in;
    std::string_view m_text;
    Environment& m_environment;
    ShellScript& m_script;
    int m_depth;
    std::size_t m_at = 0;
    ShellCommand m_command;
    GroupEnd m_groupEnd = GroupEnd::None;
    CommandRange m_fedBy;
    std::size_t m_unitBegin = 0; ///< first command of the last simple command or group
    std::vector<Group> m_groups;
    std::vector<HereDocument> m_hereDocuments;
};

} // namespace

ShellScript readShell(const MappedText& text)
{
    ShellScript script;
    Environment environment{.script = script, .variables = {}};
    Reader(text, environment, 0).readList(false);
    return script;
}

} // namespace luthien::guard
