// SPDX-License-Identifier: Apache-2.0
#include "daemon/application.h"

#include "base/logging.h"
#include "daemon/commands.h"
#include "runtime/secrets.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace luthien::daemon {

namespace {
constexpr std::chrono::seconds kKeychainWait(2);

struct Command
{
    CommandRule rule;
    CommandResult (*run)(const CommandContext&);
};

OptionRule configOption()
{
    return {"config", "FILE", "configuration (default: $XDG_CONFIG_HOME/luthien/config.yaml)"};
}

OptionRule databaseOption()
{
    return {"database", "URL", "sqlite (default), or postgresql://user@host:port/database"};
}

std::vector<Command> recordingCommands()
{
    const OptionRule config = configOption();
    const OptionRule database = databaseOption();
    return {
        {{.name = "serve",
          .summary = "take calls until SIGTERM",
          .options = {config,
                      {"listen", "HOST:PORT", "where agents connect (default: 127.0.0.1:4000; port 0 = any)"},
                      {"control", "HOST:PORT", "where other programs ask, or off (default: 127.0.0.1:4001)"},
                      database}},
         serve},
        {{.name = "run",
          .summary = "run an agent with its traffic recorded",
          .options = {config},
          .takesProgram = true},
         runAgent},
        {{.name = "sessions",
          .summary = "list what was recorded, newest first",
          .options = {{"limit", "N", "how many (default: 20)"},
                      {"filter", "FILTER", "only those with a call that matches, as: tool:Bash verdict:block since:2h"},
                      {"json", "", "one JSON object a line"},
                      config,
                      database}},
         listSessions},
        {{.name = "search",
          .summary = "find words in what was asked and answered, newest first",
          .options = {{"ranked", "", "the best first"},
                      {"limit", "N", "how many (default: 20)"},
                      {"filter", "FILTER", "only in calls that match, as: tool:Bash since:2h"},
                      {"json", "", "one JSON object a line"},
                      config,
                      database},
          .words = "QUERY",
          .maxWords = 64},
         searchTexts},
        {{.name = "delete",
          .summary = "delete a session with all that was recorded of it",
          .options = {{"yes", "", "do not ask"}, config, database},
          .words = "SESSION",
          .maxWords = 1},
         deleteSession},
        {{.name = "pin",
          .summary = "keep a session, whatever its age",
          .options = {config, database},
          .words = "SESSION",
          .maxWords = 1},
         pinSession},
        {{.name = "unpin",
          .summary = "let a session go when its time has come",
          .options = {config, database},
          .words = "SESSION",
          .maxWords = 1},
         unpinSession},
        {{.name = "export",
          .summary = "write a session, or the calls a filter matches, to a file",
          .options = {{"session", "ID", "which one"},
                      {"filter", "FILTER", "jsonl: calls that match, of all sessions, as: status:failed since:1d"},
                      {"format", "FORMAT", "jsonl (default; lossless), markdown or html (to be read)"},
                      {"output", "FILE", "where to; - is standard output"},
                      {"force", "", "write over a file that is there"},
                      config,
                      database}},
         exportSession},
    };
}

std::vector<Command> policyCommands()
{
    const OptionRule config = configOption();
    const OptionRule database = databaseOption();
    return {
        {{.name = "policy",
          .summary = "show, apply, remove, switch, compare and roll back policies",
          .options = {config,
                      database,
                      {"json", "", "one JSON object a line"},
                      {"replace", "", "apply: the stored policies are then those of the file and no others"}},
          .words =
              "list | show ID | apply FILE | remove ID | set-mode ID MODE | history ID | diff ID [VERSION [VERSION]] | "
              "rollback ID VERSION",
          .maxWords = 4},
         managePolicies},
        {{.name = "approvals",
          .summary = "answer tool calls that wait for a person, in the running instance",
          .options = {{"scope", "SCOPE", "call (default), tool, pattern, session or agent"},
                      {"for", "TIME", "once (default), 30s, 5m, 15m, 1h, 12h, restart or always"},
                      {"pointer", "POINTER", "scope pattern: which argument, as a JSON pointer (default: all)"},
                      {"glob", "GLOB", "scope pattern: what it must match (default: what is suggested)"},
                      {"re2", "EXPRESSION", "scope pattern: or the expression that must be found in it"},
                      {"message", "TEXT", "deny: what the agent is told"},
                      {"arguments", "JSON", "edit: what the tool gets instead"},
                      {"json", "", "one JSON object a line"}},
          .words = "list | preview ID | answer ID allow|deny|edit | rules | preview-rule ID | revoke ID",
          .maxWords = 3},
         manageApprovals},
        {{.name = "check",
          .summary = "ask policies about tool calls, texts or requests, without a network",
          .options = {{"policy", "FILE", "policies, in YAML or JSON"},
                      {"input", "FILE", "one JSON object a line; - is standard input"}}},
         checkPolicy},
        {{.name = "backtest",
          .summary = "ask policies about what was recorded: what would they have done?",
          .options = {{"policy", "FILE", "policies, in YAML or JSON"},
                      {"session", "ID", "only this session"},
                      {"client", "NAME", "only calls of this client"},
                      {"model", "NAME", "only calls of this model"},
                      {"since", "WHEN", "only calls since a day (2026-11-22), or for so long: 7d, 12h, 30m"},
                      {"filter", "FILTER", "only calls that match, as: tool:Bash model:claude*"},
                      {"json", "", "one JSON object a line"},
                      config,
                      database}},
         backtestPolicy},
    };
}

std::vector<Command> otherCommands()
{
    return {
        {{.name = "demo",
          .summary = "watch a model drop a table, and a policy stop it",
          .options = {{"unprotected", "", "without the policy: the table is lost"},
                      {"api", "API", "messages (default) or responses"},
                      {"json", "", "the outcome as one JSON object"}},
          .words = "db-drop",
          .maxWords = 1},
         runDemo},
        {{.name = "secret",
          .summary = "keep the keys that upstreams name as secret:NAME; set reads one from standard input",
          .options = {configOption()},
          .words = "list | set NAME | remove NAME",
          .maxWords = 2},
         manageSecrets},
        {{.name = "health", .summary = "ask the running instance whether it takes calls", .options = {}}, checkHealth},
        {{.name = "verify",
          .summary = "check that the record is what was recorded, by its chain of evidence",
          .options = {{"head", "NUMBER:SHA256", "a head of the chain that was kept elsewhere"},
                      {"signed", "", "all links since the first signature must be signed with the key at hand"},
                      {"session", "ID", "one session only: its links, events and texts"},
                      {"file", "FILE", "an exported JSONL file instead of the database"},
                      {"json", "", "the outcome as one JSON object"},
                      configOption(),
                      databaseOption()}},
         verify},
        {{.name = "migrate", .summary = "bring the database up to date", .options = {configOption(), databaseOption()}},
         migrate},
    };
}

const std::vector<Command>& commands()
{
    static const std::vector<Command> all = [] {
        std::vector<Command> joined = recordingCommands();
        for (const auto& more : {policyCommands(), otherCommands()})
            joined.insert(joined.end(), more.begin(), more.end());
        return joined;
    }();
    return all;
}

std::vector<CommandRule> rules()
{
    std::vector<CommandRule> all;
    for (const Command& command : commands())
        all.push_back(command.rule);
    return all;
}

/// One line: what, why, what to do.
int report(const Error& error)
{
    std::string line = error.toString();
    std::ranges::replace(line, '\n', ' ');
    std::fprintf(stderr, "luthiend: %s\n", line.c_str());
    return error.code == ErrorCode::InvalidArgument ? WrongUse : Failed;
}

CommandResult runCommand(CommandLine line, const runtime::InheritedLimits& inherited)
{
    CommandContext context{.line = std::move(line), .environment = runtime::processEnvironment()};
    context.inherited = inherited;
    auto paths = runtime::resolvePaths(context.line.value("data-dir").value_or(""), context.environment);
    if (!paths)
        return paths.error();
    context.paths = *std::move(paths);
    const auto command =
        std::ranges::find(commands(), context.line.command, [](const Command& each) { return each.rule.name; });
    // Those that look at what was recorded look where serve would record; serve itself reads all of its configuration.
    if (command->rule.name != "serve" &&
        std::ranges::find(command->rule.options, "database", &OptionRule::name) != command->rule.options.end()) {
        const auto config = loadConfigFor(context, {});
        if (!config)
            return config.error();
        context.paths.databaseUrl = config->database;
    }
    return command->run(context);
}
} // namespace

Result<runtime::Config> loadConfigFor(const CommandContext& context,
                                      const std::vector<std::pair<std::string, std::string>>& fixed)
{
    runtime::ConfigSources sources{.program = runtime::Program::Daemon,
                                   .storedSettings = context.paths.storedSettingsFile(),
                                   .file = runtime::defaultConfigFile(context.environment),
                                   .environment = context.environment,
                                   .commandLine = fixed};
    if (const auto file = context.line.value("config")) {
        sources.file = *file;
        sources.fileMustExist = true;
    }
    for (const char* key : {"listen", "control", "database"}) {
        if (auto value = context.line.value(key))
            sources.commandLine.emplace_back(key, *std::move(value));
    }
    return runtime::loadConfig(sources);
}

std::shared_ptr<const store::EvidenceKey> evidenceKeyFor(const CommandContext& context)
{
    const auto config = loadConfigFor(context, {});
    if (!config || config->secrets == runtime::SecretPlace::Off)
        return nullptr;
    auto key = runtime::findKey(config->secrets, context.environment, kKeychainWait);
    if (key)
        return std::make_shared<const store::EvidenceKey>(*std::move(key));
    if (config->secrets == runtime::SecretPlace::File)
        std::fprintf(stderr, "luthiend: what is added to the chain of evidence is not signed: %s\n",
                     key.error().toString().c_str());
    return nullptr;
}

Result<runtime::RecordedData> openRecorded(const CommandContext& context)
{
    return runtime::RecordedData::open(context.paths, [&context] { return evidenceKeyFor(context); });
}

Result<void> printOut(std::string_view text)
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        return Error{.code = ErrorCode::Io, .message = "cannot write to standard output"};
    return {};
}

int runApplication(const std::vector<std::string>& words, const runtime::InheritedLimits& inherited)
{
    const auto allRules = rules();
    auto line = parseCommandLine(words, allRules);
    if (!line)
        return report(line.error());
    if (line->has("version"))
        return printOut("luthiend " LUTHIEN_VERSION "\n") ? Done : Failed;
    if (line->has("help"))
        return printOut(helpText(line->command, allRules)) ? Done : Failed;
    if (line->command.empty())
        return report({.code = ErrorCode::InvalidArgument, .message = "which command? luthiend --help lists all"});
    installLogFormat();
    const auto code = runCommand(*std::move(line), inherited);
    return code ? *code : report(code.error());
}

} // namespace luthien::daemon
