// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace luthien::policy::builtin {

/// What a tool's name says about where its arguments go. Names are all there is: the proxy does not know the tools.
struct ToolNature
{
    bool runsShell = false;   ///< Bash, exec_command, run_terminal_cmd
    bool runsSql = false;     ///< execute_sql, mcp__postgres__query
    bool runsProgram = false; ///< python, code_interpreter
    bool searches = false;    ///< web_search, query-docs
    bool writesFiles = false; ///< Write, str_replace_editor
};
[[nodiscard]] ToolNature toolNature(std::string_view toolName);

enum class Likelihood : std::uint8_t { No, Perhaps, Yes };

/// What the name of an object's member says about the strings below it.
struct MemberNature
{
    Likelihood sql = Likelihood::No; ///< Perhaps: query, statement
    bool isCommand = false;          ///< command, argv, script
    bool isProgram = false;          ///< code
    bool isProse = false;            ///< description, title: nothing runs it
    bool isOldText = false;          ///< old_string: what is there already

    [[nodiscard]] bool saysNothing() const noexcept
    {
        return sql == Likelihood::No && !isCommand && !isProgram && !isProse && !isOldText;
    }
};
[[nodiscard]] MemberNature memberNature(std::string_view memberName);

/// How a string is to be read. In doubt in every way that could be meant.
struct ArgumentReading
{
    Likelihood sql = Likelihood::Perhaps;
    bool reportsUnreadableShell = false; ///< a command that can not be read to its end counts
    bool isProgram = false;              ///< its string literals are read as SQL

    bool operator==(const ArgumentReading&) const = default;
};
[[nodiscard]] ArgumentReading argumentReading(const ToolNature& tool, const MemberNature& member,
                                              std::string_view text);

/// True for files that somebody runs as they are: x.sql, x.sh.
[[nodiscard]] bool isRunnableFile(std::string_view path);

} // namespace luthien::policy::builtin
