// SPDX-License-Identifier: Apache-2.0
#include "daemon/command_line.h"

#include <algorithm>
#include <array>

namespace luthien::daemon {

namespace {
constexpr std::array kCommonOptions{
    OptionRule{"data-dir", "DIR", "where everything is kept (default: $XDG_DATA_HOME/luthien)"},
    OptionRule{"help", "", "show this"},
    OptionRule{"version", "", "show the version"},
};

const OptionRule* findOption(const CommandRule* command, std::string_view name)
{
    if (const auto common = std::ranges::find(kCommonOptions, name, &OptionRule::name); common != kCommonOptions.end())
        return &*common;
    if (command == nullptr)
        return nullptr;
    const auto own = std::ranges::find(command->options, name, &OptionRule::name);
    return own == command->options.end() ? nullptr : &*own;
}

Error wrong(std::string message)
{
    return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}

/// Reads words one by one.
class WordReader
{
public:
    WordReader(std::span<const std::string> words, std::span<const CommandRule> rules)
        : m_words(words)
        , m_rules(rules)
    {
    }

    Result<CommandLine> read()
    {
        while (m_at < m_words.size()) {
            const std::string& word = m_words[m_at++];
            auto taken = word == "--" ? takeProgram() : word.starts_with("-") ? takeOption(word) : takeCommand(word);
            if (!taken)
                return taken.error();
        }
        return std::move(m_line);
    }

private:
    Result<void> takeCommand(const std::string& word)
    {
        if (m_command != nullptr && m_line.words.size() < m_command->maxWords) {
            m_line.words.push_back(word);
            return {};
        }
        if (m_command != nullptr)
            return wrong("'" + word + "' is one word too many; luthiend " + m_line.command + " --help tells more");
        const auto rule = std::ranges::find(m_rules, word, &CommandRule::name);
        if (rule == m_rules.end())
            return wrong("there is no command '" + word + "'; luthiend --help lists all");
        m_command = &*rule;
        m_line.command = word;
        return {};
    }

    Result<void> takeOption(const std::string& word)
    {
        const std::size_t equals = word.find('=');
        const std::string name = word.starts_with("--") ? word.substr(2, equals - 2) : std::string();
        const OptionRule* rule = findOption(m_command, name);
        if (rule == nullptr)
            return wrong("unknown option " + word.substr(0, equals) + "; luthiend " + m_line.command +
                         (m_line.command.empty() ? "--help" : " --help") + " lists all");
        if (m_line.has(name))
            return wrong("--" + name + " is given twice");
        if (rule->value.empty()) {
            if (equals != std::string::npos)
                return wrong("--" + name + " takes no value");
            m_line.options.emplace(name, "");
            return {};
        }
        if (equals != std::string::npos) {
            m_line.options.emplace(name, word.substr(equals + 1));
        } else {
            if (m_at == m_words.size())
                return wrong("--" + name + " needs a value: " + std::string(rule->value));
            m_line.options.emplace(name, m_words[m_at++]);
        }
        return {};
    }

    Result<void> takeProgram()
    {
        if (m_command == nullptr || !m_command->takesProgram)
            return wrong("'--' has no meaning here");
        m_line.program.assign(m_words.begin() + static_cast<std::ptrdiff_t>(m_at), m_words.end());
        m_at = m_words.size();
        return {};
    }

    std::span<const std::string> m_words;
    std::span<const CommandRule> m_rules;
    std::size_t m_at = 0;
    const CommandRule* m_command = nullptr;
    CommandLine m_line;
};

std::string optionHelp(const OptionRule& option)
{
    std::string left = "  --" + std::string(option.name);
    if (!option.value.empty())
        left += ' ' + std::string(option.value);
    left.resize(std::max<std::size_t>(left.size() + 2, 26), ' ');
    return left + std::string(option.help) + '\n';
}
} // namespace

std::optional<std::string> CommandLine::value(std::string_view option) const
{
    const auto found = options.find(option);
    return found == options.end() ? std::nullopt : std::optional(found->second);
}

Result<CommandLine> parseCommandLine(std::span<const std::string> words, std::span<const CommandRule> rules)
{
    return WordReader(words, rules).read();
}

std::string helpText(std::string_view command, std::span<const CommandRule> rules)
{
    std::string text;
    const auto rule = std::ranges::find(rules, command, &CommandRule::name);
    if (rule == rules.end()) {
        text = "luthiend: record and control the traffic of AI agents\n\nUsage: luthiend COMMAND [OPTIONS]\n\n";
        for (const CommandRule& each : rules) {
            std::string left = "  " + std::string(each.name);
            left.resize(13, ' ');
            text += left + std::string(each.summary) + '\n';
        }
        text += "\nOptions of every command:\n";
    } else {
        text = "luthiend " + std::string(command) + ": " + std::string(rule->summary) + "\n\nUsage: luthiend " +
               std::string(command) + (rule->words.empty() ? "" : " " + std::string(rule->words)) + " [OPTIONS]" +
               (rule->takesProgram ? " -- PROGRAM [ARGUMENTS]" : "") + "\n\nOptions:\n";
        for (const OptionRule& option : rule->options)
            text += optionHelp(option);
    }
    for (const OptionRule& option : kCommonOptions)
        text += optionHelp(option);
    return text;
}

} // namespace luthien::daemon
