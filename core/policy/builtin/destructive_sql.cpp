// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/destructive_sql.h"

#include "guard/finding_list.h"
#include "guard/program_source.h"
#include "guard/sql_in_shell.h"
#include "guard/sql_options.h"
#include "guard/sql_scan.h"
#include "policy/builtin/argument_texts.h"
#include "policy/glob.h"
#include "policy/object_reader.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace luthien::policy::builtin {

namespace {

using guard::Finding;
using guard::SqlClass;

constexpr std::array<std::string_view, guard::kSqlDialectCount> kDialectNames{"postgres", "mysql", "sqlite", "tsql"};

/// Tools of coding agents that neither run nor write anything; what they are asked for may well be SQL.
constexpr std::array<std::string_view, 13> kReadingTools{"Glob",     "Grep",      "LS",       "Read", "TodoWrite",
                                                         "WebFetch", "WebSearch", "glob",     "grep", "list",
                                                         "read",     "webfetch",  "websearch"};

struct Config
{
    guard::SqlOptions options{.maxBytes = ArgumentTexts::kMaxBytes};
    Pattern tools;
    Pattern exceptTools;
};

/// Collects what is found in the texts of one call.
class Search
{
public:
    explicit Search(const Config& config)
        : m_config(config)
    {
    }

    PolicyVerdict run(const JudgedCall& call)
    {
        ArgumentTexts texts([this](const ArgumentText& text) { look(text); });
        if (!texts.read(call))
            add({SqlClass::TooLarge, {}, {}, "the arguments hold more text than is read"}, {});
        if (m_count == 0)
            return {};
        if (m_count > 1)
            m_verdict.reason += " And " + std::to_string(m_count - 1) + " more.";
        m_verdict.verdict = conversation::Verdict::Block;
        return std::move(m_verdict);
    }

private:
    static constexpr std::size_t kMaxMatches = 64;
    /// As findDestructiveSql: how often a text may be read over, counting what unfolds from it.
    static constexpr std::size_t kReadings = 6;

    void look(const ArgumentText& argument)
    {
        if (m_count >= kMaxMatches)
            return;
        const guard::SqlOptions& options = m_config.options;
        guard::FindingList findings(options.classes, kReadings * options.maxBytes);
        if (argument.reading.sql != Likelihood::No)
            scanSql(argument.text, options,
                    argument.reading.sql == Likelihood::Yes ? guard::SqlCertainty::IsSql
                                                            : guard::SqlCertainty::MayBeSql,
                    findings);
        scanShell(argument.text, options, argument.reading.reportsUnreadableShell, findings);
        if (argument.reading.isProgram) {
            for (const guard::MappedText& literal : guard::sqlLiterals(argument.text))
                scanSql(literal, options, guard::SqlCertainty::IsSql, findings);
        }
        for (const Finding& finding : findings.take())
            add(finding, argument.locate(finding.span));
    }

    void add(const Finding& finding, conversation::Match match)
    {
        const auto& known = m_verdict.matched;
        if (std::find(known.begin(), known.end(), match) != known.end())
            return;
        if (m_count++ == 0) {
            const std::string where = match.pointer.empty() ? std::string() : " in " + match.pointer;
            const std::string statement = finding.statement.empty() ? std::string() : " `" + finding.statement + "`:";
            m_verdict.reason = "Destructive SQL (" + std::string(sqlClassName(finding.what)) + ")" + where + ":" +
                               statement + " " + finding.reason + ".";
        }
        m_verdict.matched.push_back(std::move(match));
    }

    const Config& m_config;
    PolicyVerdict m_verdict;
    std::size_t m_count = 0;
};

class DestructiveSqlCall final : public PolicyCall
{
public:
    explicit DestructiveSqlCall(const Config& config)
        : m_config(config)
    {
    }

    [[nodiscard]] Result<PolicyVerdict> toolCall(const JudgedCall& call) override
    {
        if (!matches(m_config.tools, call.call.name) || matches(m_config.exceptTools, call.call.name))
            return PolicyVerdict{};
        return Search(m_config).run(call);
    }

private:
    const Config& m_config;
};

class DestructiveSql final : public Policy
{
public:
    explicit DestructiveSql(Config config)
        : m_config(std::move(config))
    {
    }
    [[nodiscard]] Interests interests() const noexcept override { return {.toolCalls = true}; }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext&) const override
    {
        return std::make_unique<DestructiveSqlCall>(m_config);
    }

private:
    Config m_config;
};

std::string allClasses()
{
    std::string names;
    for (std::size_t i = 0; i < guard::kSqlClassCount; ++i)
        names += (i == 0 ? "" : ", ") + std::string(sqlClassName(static_cast<guard::SqlClass>(i)));
    return names;
}

guard::SqlClasses readClasses(ObjectReader& reader)
{
    const std::optional<std::vector<std::string>> names = reader.texts("classes");
    if (!names)
        return guard::kDefaultSqlClasses;
    // What cannot be read may be anything, so it always counts.
    guard::SqlClasses classes{SqlClass::Unparsed, SqlClass::TooLarge};
    if (names->empty())
        reader.reject("classes", "This must name at least one class; leave it out for the usual ones.");
    for (std::size_t i = 0; i < names->size(); ++i) {
        if (const auto what = guard::sqlClassFromName((*names)[i]))
            classes.insert(*what);
        else
            reader.reject("classes[" + std::to_string(i) + "]",
                          "There is no such class of SQL; there are " + allClasses() + ".");
    }
    return classes;
}

guard::SqlDialects readDialects(ObjectReader& reader)
{
    const std::optional<std::vector<std::string>> names = reader.texts("dialects");
    if (!names)
        return guard::SqlOptions().dialects;
    guard::SqlDialects dialects;
    if (names->empty())
        reader.reject("dialects", "This must name at least one dialect; leave it out for all.");
    for (std::size_t i = 0; i < names->size(); ++i) {
        const auto found = std::find(kDialectNames.begin(), kDialectNames.end(), (*names)[i]);
        if (found == kDialectNames.end())
            reader.reject("dialects[" + std::to_string(i) + "]", "This must be " + joinedNames(kDialectNames) + ".");
        else
            dialects.insert(static_cast<guard::SqlDialect>(found - kDialectNames.begin()));
    }
    return dialects;
}

Pattern readTools(ObjectReader& reader, std::string_view name, std::vector<std::string> otherwise)
{
    Result<Pattern> pattern = compileGlobs(reader.texts(name).value_or(std::move(otherwise)));
    if (!pattern)
        reader.reject(name, pattern.error().message);
    return pattern ? std::move(*pattern) : nullptr;
}

Result<std::shared_ptr<const Policy>> makeDestructiveSql(const boost::json::object& object, const Services&)
{
    ObjectReader reader(object);
    Config config;
    config.options.classes = readClasses(reader);
    config.options.dialects = readDialects(reader);
    config.tools = readTools(reader, "tools", {"*"});
    config.exceptTools = readTools(reader, "except_tools", {kReadingTools.begin(), kReadingTools.end()});
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    return std::shared_ptr<const Policy>(std::make_shared<DestructiveSql>(std::move(config)));
}

} // namespace

const PolicyType kDestructiveSql{
    .name = "destructive-sql",
    .title = "Destructive SQL",
    .summary = "Blocks tool calls that would drop, empty or rewrite database tables, in SQL and in shell commands.",
    .schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Destructive SQL",
  "type": "object",
  "properties": {
    "classes": {
      "title": "What counts as destructive",
      "description": "Statements that are blocked. What cannot be read to the end or is too large to read is always blocked.",
      "type": "array",
      "items": {
        "type": "string",
        "enum": ["drop", "truncate", "delete_without_where", "update_without_where", "alter_drop", "replace_all",
                 "run_program", "tool", "writable_schema", "privileges", "dynamic", "attach", "unparsed", "too_large"]
      },
      "minItems": 1,
      "uniqueItems": true,
      "default": ["drop", "truncate", "delete_without_where", "update_without_where", "alter_drop", "replace_all",
                  "run_program", "tool", "writable_schema", "unparsed", "too_large"]
    },
    "dialects": {
      "title": "SQL dialects",
      "description": "Which databases may receive the text. Others read like the nearest of these.",
      "type": "array",
      "items": {"type": "string", "enum": ["postgres", "mysql", "sqlite", "tsql"]},
      "minItems": 1,
      "uniqueItems": true,
      "default": ["postgres", "mysql", "sqlite", "tsql"]
    },
    "tools": {
      "title": "Tools",
      "description": "Names of the tools whose calls are judged; * stands for any characters.",
      "type": "array",
      "items": {"type": "string"},
      "default": ["*"]
    },
    "except_tools": {
      "title": "Tools left out",
      "description": "Tools that only read or search, so that SQL in their arguments is never run.",
      "type": "array",
      "items": {"type": "string"},
      "default": ["Glob", "Grep", "LS", "Read", "TodoWrite", "WebFetch", "WebSearch",
                  "glob", "grep", "list", "read", "webfetch", "websearch"]
    }
  },
  "additionalProperties": false
})",
    .make = makeDestructiveSql,
};

} // namespace luthien::policy::builtin
