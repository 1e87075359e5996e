// SPDX-License-Identifier: Apache-2.0
#include "policy/approval_suggestions.h"

#include "policy/argument_value.h"
#include "policy/glob.h"
#include "policy/notice.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy {

namespace {

constexpr std::array<std::string_view, 3> kCommands{"command", "cmd", "script"};
constexpr std::array<std::string_view, 6> kPaths{"file_path", "filePath", "path", "notebook_path", "filename", "file"};
constexpr std::array<std::string_view, 2> kAddresses{"url", "uri"};

/// Programs whose first word says what they do; the same program with another one is another thing.
constexpr std::array<std::string_view, 24> kWithSubcommand{
    "apt",    "apt-get", "brew", "bundle",  "cargo", "cmake", "conda", "docker", "dotnet", "gh", "git",       "go",
    "gradle", "helm",    "just", "kubectl", "make",  "npm",   "pip",   "pnpm",   "poetry", "uv", "systemctl", "yarn"};
/// Programs that only look, whatever words follow.
constexpr std::array<std::string_view, 16> kOnlyLooking{"basename", "cat",  "cut",  "diff", "dirname", "du",
                                                        "echo",     "file", "grep", "head", "ls",      "pwd",
                                                        "rg",       "stat", "tail", "wc"};
/// Of which a simple command is made: nothing that a shell treats as more than a letter of a word.
constexpr std::string_view kPlainLetters = "-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _./:=@%+,";
/// A word that sets nothing: no option, no NAME=value, no +branch or :branch for git to force or delete.
constexpr std::string_view kPlainArgument = "[A-Za-z0-9_./@][-A-Za-z0-9_./:@%+,]*";
constexpr std::size_t kMaxOptions = 16;
constexpr std::size_t kMaxExactBytes = 4096;
constexpr std::size_t kMaxTitleCharacters = 80;

template <std::size_t N>
bool has(const std::array<std::string_view, N>& list, std::string_view word)
{
    return std::ranges::find(list, word) != list.end();
}

std::string quoted(std::string_view text)
{
    return re2::RE2::QuoteMeta(re2::StringPiece(text.data(), text.size()));
}

ArgumentPattern expression(const std::string& pointer, const std::string& text, const std::string& title)
{
    return {pointer, ArgumentPattern::Kind::Re2, "\\A" + text + "\\z", title};
}

std::optional<ArgumentPattern> exactly(const std::string& pointer, std::string_view value)
{
    if (value.empty() || value.size() > kMaxExactBytes)
        return std::nullopt;
    const std::string title = "Exactly " + oneLine(value, kMaxTitleCharacters);
    if (value.find_first_of("*?") == std::string_view::npos)
        return ArgumentPattern{pointer, ArgumentPattern::Kind::Glob, std::string(value), title};
    return expression(pointer, quoted(value), title);
}

bool isPlainWord(std::string_view word)
{
    return !word.empty() && word.front() >= 'a' && word.front() <= 'z' &&
           word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

/// The words of a simple command that begin with a dash; with the word behind them, which may be their value.
std::vector<std::string> optionsOf(std::string_view words)
{
    std::vector<std::string> options;
    bool takesMore = false;
    while (!words.empty()) {
        const std::string_view word = words.substr(0, words.find(' '));
        words.remove_prefix(std::min(word.size() + 1, words.size()));
        if (word.empty())
            continue;
        const bool isOption = word.front() == '-';
        if (isOption)
            options.emplace_back(word);
        else if (takesMore)
            options.back().append(" ").append(word);
        takesMore = isOption;
    }
    return options;
}

/// The command with other arguments, and with some of the options it has but no others: an option may make a harmless
/// command write files or force something.
std::optional<ArgumentPattern> simpleCommand(const std::string& pointer, std::string_view prefix,
                                             std::string_view command)
{
    const std::vector<std::string> options = optionsOf(command.substr(prefix.size()));
    if (command.find_first_not_of(kPlainLetters) != std::string_view::npos || options.size() > kMaxOptions)
        return std::nullopt;
    std::string choice(kPlainArgument);
    std::string listed;
    for (const std::string& option : options) {
        choice += '|' + quoted(option);
        listed += (listed.empty() ? " but " : ", ") + option;
    }
    return expression(pointer, quoted(prefix) + "(?: +(?:" + choice + "))* *",
                      "Simple commands that begin with " + oneLine(prefix, kMaxTitleCharacters) + ", no options" +
                          oneLine(listed, kMaxTitleCharacters));
}

/// "git status" of "git status --short".
std::optional<ArgumentPattern> commandPrefix(const std::string& pointer, std::string_view command)
{
    const std::string_view program = command.substr(0, command.find(' '));
    std::string_view prefix = program;
    if (has(kWithSubcommand, program)) {
        const std::string_view rest = command.substr(std::min(program.size() + 1, command.size()));
        const std::string_view subcommand = rest.substr(0, rest.find(' '));
        if (!isPlainWord(subcommand))
            return std::nullopt;
        prefix = command.substr(0, program.size() + 1 + subcommand.size());
    } else if (!has(kOnlyLooking, program)) {
        return std::nullopt;
    }
    return simpleCommand(pointer, prefix, command);
}

/// "/src" of "/src/main.cpp".
std::optional<ArgumentPattern> folderOf(const std::string& pointer, std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos || slash == 0)
        return std::nullopt;
    // A name with something besides dots, so that ".." leads nowhere.
    return expression(pointer, quoted(path.substr(0, slash + 1)) + "[^/]*[^/.][^/]*",
                      "Files in " + oneLine(path.substr(0, slash), kMaxTitleCharacters));
}

/// "https://example.com" of "https://example.com/a".
std::optional<ArgumentPattern> hostOf(const std::string& pointer, std::string_view address)
{
    const std::size_t scheme = address.find("://");
    if (scheme == std::string_view::npos || scheme == 0)
        return std::nullopt;
    const std::string_view origin = address.substr(0, address.find_first_of("/?#\\", scheme + 3));
    if (origin.size() == scheme + 3 || origin.find('@') != std::string_view::npos)
        return std::nullopt;
    return expression(pointer, quoted(origin) + "(?:/[^\\s\\\\]*)?",
                      "Addresses at " + oneLine(origin, kMaxTitleCharacters));
}

using Widen = std::optional<ArgumentPattern> (*)(const std::string&, std::string_view);

void suggest(std::vector<ArgumentPattern>& found, const RuledCall& call, std::string_view name, Widen widen)
{
    const std::string pointer = "/" + std::string(name);
    std::string scratch;
    const std::optional<ArgumentValue> value = argumentValue(call.arguments, call.text, pointer, scratch);
    if (!value || !value->isString)
        return;
    std::optional<ArgumentPattern> wide = widen(pointer, value->text);
    if (wide) {
        const Result<Pattern> compiled = compileExpression(wide->text);
        if (compiled && matches(*compiled, value->text))
            found.push_back(std::move(*wide));
    }
    if (std::optional<ArgumentPattern> exact = exactly(pointer, value->text))
        found.push_back(std::move(*exact));
}

} // namespace

std::vector<ArgumentPattern> suggestedPatterns(const RuledCall& call)
{
    struct Meaning
    {
        std::span<const std::string_view> names;
        Widen widen;
    };
    static constexpr std::array<Meaning, 3> kMeanings{
        {{kCommands, commandPrefix}, {kPaths, folderOf}, {kAddresses, hostOf}}};
    std::vector<ArgumentPattern> found;
    for (const Meaning& meaning : kMeanings)
        for (const std::string_view name : meaning.names)
            suggest(found, call, name, meaning.widen);
    if (std::optional<ArgumentPattern> whole = exactly({}, call.text)) {
        whole->pointer.reset();
        whole->title = "Exactly these arguments";
        found.push_back(std::move(*whole));
    }
    return found;
}

} // namespace luthien::policy
