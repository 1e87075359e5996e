// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/argument_reading.h"

#include "policy/builtin/name_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace luthien::policy::builtin {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 15> kShellTools{"bash",    "sh",         "zsh",     "shell", "terminal",
                                                       "console", "powershell", "pwsh",    "exec",  "command",
                                                       "cmd",     "ssh",        "process", "tmux",  "execute"};
constexpr std::array<std::string_view, 20> kDatabases{"db",       "database",   "databases", "postgres",  "pg",
                                                      "maria",    "mariadb",    "oracle",    "snowflake", "redshift",
                                                      "bigquery", "clickhouse", "duckdb",    "cockroach", "supabase",
                                                      "trino",    "presto",     "hive",      "warehouse", "databricks"};
constexpr std::array<std::string_view, 8> kPrograms{"python", "jupyter",    "ipython",     "repl",
                                                    "node",   "javascript", "interpreter", "eval"};
constexpr std::array<std::string_view, 15> kSearches{"search", "fetch", "find", "lookup", "docs",
                                                     "doc",    "grep",  "glob", "web",    "browse",
                                                     "read",   "list",  "wiki", "memory", "ask"};
constexpr std::array<std::string_view, 12> kFileWriters{"write",        "edit",   "multiedit", "editor",
                                                        "notebookedit", "file",   "files",     "notebook",
                                                        "patch",        "create", "replace",   "update"};

constexpr std::array<std::string_view, 4> kSqlMembers{"ddl", "dml", "stmt", "stmts"};
constexpr std::array<std::string_view, 5> kQueryMembers{"query", "queries", "statement", "statements", "q"};
constexpr std::array<std::string_view, 14> kCommandMembers{"command", "commands", "cmd",  "cmds",      "cmdline",
                                                           "script",  "scripts",  "bash", "sh",        "shell",
                                                           "argv",    "args",     "exec", "entrypoint"};
constexpr std::array<std::string_view, 7> kProgramMembers{"code", "source",  "python", "javascript",
                                                          "js",   "program", "cell"};
constexpr std::array<std::string_view, 14> kProseMembers{
    "description",   "title",   "explanation", "reason", "reasoning", "summary", "comment",
    "justification", "thought", "note",        "notes",  "path",      "file",    "url"};

constexpr std::array<std::string_view, 40> kSqlBeginnings{
    "alter",  "analyze", "attach",   "begin",  "call",    "commit",  "copy",    "create", "declare",  "delete",
    "detach", "do",      "drop",     "exec",   "execute", "explain", "grant",   "if",     "insert",   "kill",
    "load",   "lock",    "merge",    "pragma", "prepare", "rename",  "replace", "revoke", "rollback", "select",
    "set",    "start",   "truncate", "update", "use",     "vacuum",  "values",  "with",   "go",       "end"};

bool isOneOf(std::string_view word, Words words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool hasOneOf(const std::vector<std::string>& name, Words words)
{
    return std::any_of(name.begin(), name.end(), [&](const std::string& word) { return isOneOf(word, words); });
}

/// sql, mysql, sqlite, postgresql
bool namesSql(const std::vector<std::string>& name)
{
    return std::any_of(name.begin(), name.end(),
                       [](const std::string& word) { return word.find("sql") != std::string::npos; });
}

bool beginsLikeSql(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n(;");
    if (begin == std::string_view::npos)
        return false;
    text.remove_prefix(begin);
    if (text.starts_with("--") || text.starts_with("/*") || text.starts_with('#') || text.starts_with('\\'))
        return true;
    std::string word;
    for (const char c : text.substr(0, 9)) {
        if ((c | 0x20) < 'a' || (c | 0x20) > 'z')
            break;
        word += static_cast<char>(c | 0x20);
    }
    return isOneOf(word, kSqlBeginnings);
}

} // namespace

ToolNature toolNature(std::string_view toolName)
{
    const std::vector<std::string> name = nameWords(toolName);
    ToolNature nature;
    nature.searches = hasOneOf(name, kSearches);
    nature.runsSql = namesSql(name) || (hasOneOf(name, kDatabases) && !nature.searches);
    nature.runsShell = !nature.runsSql && hasOneOf(name, kShellTools);
    nature.runsProgram = hasOneOf(name, kPrograms);
    nature.writesFiles = !nature.runsSql && !nature.runsShell && !nature.runsProgram && hasOneOf(name, kFileWriters);
    return nature;
}

MemberNature memberNature(std::string_view memberName)
{
    const std::vector<std::string> name = nameWords(memberName);
    MemberNature nature;
    if (namesSql(name) || hasOneOf(name, kSqlMembers))
        nature.sql = Likelihood::Yes;
    else if (hasOneOf(name, kQueryMembers))
        nature.sql = Likelihood::Perhaps;
    nature.isCommand = hasOneOf(name, kCommandMembers);
    nature.isProgram = hasOneOf(name, kProgramMembers);
    nature.isProse = nature.saysNothing() && hasOneOf(name, kProseMembers);
    nature.isOldText = !name.empty() && name.front() == "old";
    return nature;
}

ArgumentReading argumentReading(const ToolNature& tool, const MemberNature& member, std::string_view text)
{
    ArgumentReading reading;
    const bool mayBegin = member.sql == Likelihood::Perhaps && !tool.searches && beginsLikeSql(text);
    if (member.sql == Likelihood::Yes || (tool.runsSql && !member.isProse) || mayBegin)
        reading.sql = Likelihood::Yes;
    else if (tool.runsShell && member.isCommand && member.sql == Likelihood::No)
        reading.sql = Likelihood::No; // `cat > x.sql <<EOF` holds SQL that no database gets
    reading.reportsUnreadableShell = tool.runsShell && member.isCommand;
    reading.isProgram = tool.runsProgram || member.isProgram;
    return reading;
}

bool isRunnableFile(std::string_view path)
{
    constexpr std::array<std::string_view, 12> kEndings{"sql", "ddl", "psql", "pgsql", "mysql", "sqlite",
                                                        "hql", "sh",  "bash", "zsh",   "ksh",   "ps1"};
    const std::size_t dot = path.rfind('.');
    if (dot == std::string_view::npos)
        return false;
    std::string ending(path.substr(dot + 1));
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return isOneOf(ending, kEndings);
}

} // namespace luthien::policy::builtin
