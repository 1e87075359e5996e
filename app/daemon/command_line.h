// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::daemon {

/// One option of a sub-command.
struct OptionRule
{
    std::string_view name;  ///< without dashes
    std::string_view value; ///< what its value is called in the help; empty = a switch
    std::string_view help;
};

/// One sub-command.
struct CommandRule
{
    std::string_view name;
    std::string_view summary;
    std::vector<OptionRule> options;
    bool takesProgram = false;   ///< "-- PROGRAM ARGUMENTS" follows
    std::string_view words = {}; ///< what follows the command, for the help
    std::size_t maxWords = 0;
};

/// What was typed, checked against the rules.
struct CommandLine
{
    std::string command;            ///< empty with --help or --version alone
    std::vector<std::string> words; ///< what followed the command
    std::map<std::string, std::string, std::less<>> options;
    std::vector<std::string> program; ///< what stood after "--"

    [[nodiscard]] bool has(std::string_view option) const { return options.contains(option); }
    [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
};

/// Reads the words after the program's name. Errors: InvalidArgument.
[[nodiscard]] Result<CommandLine> parseCommandLine(std::span<const std::string> words,
                                                   std::span<const CommandRule> rules);
/// The help of one command, or of all if command is empty.
[[nodiscard]] std::string helpText(std::string_view command, std::span<const CommandRule> rules);

} // namespace luthien::daemon
