// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "control/policy_desk.h"
#include "daemon/commands.h"
#include "daemon/policy_history.h"
#include "policy/builtin/builtin.h"
#include "runtime/instance_client.h"
#include "runtime/policies.h"
#include "runtime/policy_services.h"
#include "runtime/policy_yaml.h"
#include "runtime/recorded_data.h"

#include <QLoggingCategory>

#include <boost/json.hpp>

#include <algorithm>
#include <functional>
#include <optional>

namespace luthien::daemon {

namespace {
namespace json = boost::json;
using runtime::PolicyState;

Error wrongUse(std::string message)
{
    return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}

/// While an instance runs, the policies are in its hands.
Result<std::optional<runtime::InstanceAnswer>> askRunning(const CommandContext& context, std::string_view method,
                                                          const std::string& target, std::string_view body)
{
    auto answer = runtime::askInstance(context.paths, method, target, body);
    if (!answer)
        return answer.error().code == ErrorCode::NotFound ? Result(std::optional<runtime::InstanceAnswer>())
                                                          : answer.error();
    if (answer->status != 200)
        return runtime::errorOf(*answer);
    return std::optional(*std::move(answer));
}

/// What the configuration and the data directory say.
Result<std::vector<PolicyState>> readStates(const CommandContext& context)
{
    const auto config = loadConfigFor(context, {});
    if (!config)
        return config.error();
    auto data = runtime::RecordedData::open(context.paths);
    if (!data && data.error().code != ErrorCode::NotFound)
        return data.error();
    auto book = data ? data->reader().policyBook() : Result<store::PolicyBook>(store::PolicyBook());
    if (!book)
        return book.error();
    return runtime::policyStates(config->policies, *book);
}

json::object toJson(const PolicyState& state)
{
    json::object object = json::parse(policy::toJson(state.definition)).as_object();
    object["version"] = state.version;
    object["source"] = state.isFromFile ? "file" : "stored";
    object["overridden"] = state.fileMode.has_value();
    object["trouble"] = nullptr; // no script runs
    object["place"] = state.place.empty() ? json::value(nullptr) : json::value(state.place);
    return object;
}

/// The policies as JSON objects: those in force if an instance runs.
Result<std::vector<json::object>> readPolicies(const CommandContext& context)
{
    std::vector<json::object> policies;
    const auto answer = askRunning(context, "GET", "/api/v1/policies", {});
    if (!answer)
        return answer.error();
    if (*answer) {
        const auto set = parseStrictJson((*answer)->body);
        if (!set)
            return set.error();
        for (const json::value& item : set->at("items").as_array())
            policies.push_back(item.as_object());
        return policies;
    }
    const auto states = readStates(context);
    if (!states)
        return states.error();
    std::ranges::transform(*states, std::back_inserter(policies), [](const auto& state) { return toJson(state); });
    return policies;
}

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(text.size(), width), ' ');
    return text + "  ";
}

std::string column(const json::object& policy, std::string_view member, std::size_t width)
{
    return padded(json::value_to<std::string>(policy.at(member)), width);
}

/// What went wrong with a policy's script, as a line under it.
std::string troubleLine(const json::object& policy)
{
    const json::value* const trouble = policy.if_contains("trouble");
    if (trouble == nullptr || !trouble->is_object())
        return {};
    return "  last failure " + json::value_to<std::string>(trouble->at("at")) + ": " +
           json::value_to<std::string>(trouble->at("message")) + " (" + json::serialize(trouble->at("count")) +
           "x since the start)\n";
}

std::string listText(const std::vector<json::object>& policies, bool asJson)
{
    if (!asJson && policies.empty())
        return "no policies\n";
    std::string text = asJson ? "" : padded("ID", 24) + padded("TYPE", 18) + padded("MODE", 8) + "FROM\n";
    for (const json::object& policy : policies) {
        const char* const set = policy.at("overridden").as_bool() ? ", its mode set here" : "";
        text += asJson ? json::serialize(policy) + '\n'
                       : column(policy, "id", 24) + column(policy, "type", 18) + column(policy, "mode", 8) +
                             json::value_to<std::string>(policy.at("source")) + set + '\n' + troubleLine(policy);
    }
    return text;
}

CommandResult list(const CommandContext& context)
{
    const auto policies = readPolicies(context);
    if (!policies)
        return policies.error();
    const auto printed = printOut(listText(*policies, context.line.has("json")));
    return printed ? CommandResult(Done) : printed.error();
}

CommandResult show(const CommandContext& context, const std::string& id)
{
    const auto policies = readPolicies(context);
    if (!policies)
        return policies.error();
    const auto found =
        std::ranges::find_if(*policies, [&id](const json::object& each) { return each.at("id") == json::value(id); });
    if (found == policies->end())
        return Error{.code = ErrorCode::NotFound, .message = "there is no policy with the id '" + id + "'"};
    const auto printed = printOut(json::serialize(*found) + '\n');
    return printed ? CommandResult(Done) : printed.error();
}

/// Changes the policies of a data directory that nobody uses.
CommandResult changeStored(const CommandContext& context,
                           const std::function<Result<void>(runtime::Policies& policies)>& change)
{
    const auto config = loadConfigFor(context, {});
    if (!config)
        return config.error();
    const auto lock = runtime::DataDirectoryLock::acquire(context.paths, "luthiend");
    if (!lock)
        return lock.error();
    auto store = store::Store::open({.directory = context.paths.dataDirectory, .database = context.paths.databaseUrl});
    if (!store)
        return store.error();
    const SystemClock clock;
    Metrics metrics;
    runtime::PolicyServices services(clock, metrics); // some definitions cannot be read without them
    auto policies = runtime::Policies::open(*config, **store, policy::builtin::registry(), services.services(), clock);
    if (!policies)
        return policies.error();
    const auto changed = change(**policies);
    store->reset(); // saves
    return changed ? CommandResult(Done) : changed.error();
}

CommandResult setMode(const CommandContext& context, const std::string& id, const std::string& word)
{
    const auto mode = conversation::policyModeFromName(word);
    if (!mode && word != "file")
        return wrongUse("a mode is off, shadow, enforce, or file for what the configuration says; not '" + word + "'");
    const auto answer =
        askRunning(context, "PATCH", "/api/v1/policies/" + id, json::serialize(json::object{{"mode", word}}));
    if (!answer)
        return answer.error();
    if (*answer)
        return Done;
    return changeStored(context, [&](runtime::Policies& policies) { return policies.setMode(id, mode, "cli"); });
}

CommandResult apply(const CommandContext& context, std::vector<policy::Definition> definitions)
{
    const control::PolicyChange change{.definitions = std::move(definitions),
                                       .removesOthers = context.line.has("replace")};
    const auto answer = askRunning(context, "PUT", "/api/v1/policies", control::toJson(change));
    if (!answer)
        return answer.error();
    if (*answer)
        return Done;
    return changeStored(context, [&](runtime::Policies& policies) {
        return policies.apply(change.definitions,
                              change.removesOthers ? runtime::Others::Removed : runtime::Others::Kept, "cli");
    });
}

CommandResult applyFile(const CommandContext& context, const std::string& file)
{
    auto definitions = runtime::readPolicyFile(file);
    return definitions ? apply(context, *std::move(definitions)) : definitions.error();
}

CommandResult print(const Result<std::string>& text)
{
    if (!text)
        return text.error();
    const auto printed = printOut(*text);
    return printed ? CommandResult(Done) : printed.error();
}

CommandResult rollBack(const CommandContext& context, const std::string& id, const std::string& version)
{
    auto definition = policyAtVersion(context.paths, id, version);
    if (!definition)
        return definition.error();
    std::vector<policy::Definition> definitions;
    definitions.push_back(*std::move(definition));
    return apply(context, std::move(definitions));
}
} // namespace

CommandResult managePolicies(const CommandContext& context)
{
    QLoggingCategory::setFilterRules(QStringLiteral("luthien.*.info=false"));
    const std::vector<std::string>& words = context.line.words;
    const std::string action = words.empty() ? std::string() : words[0];
    if (action == "list" && words.size() == 1)
        return list(context);
    if (action == "show" && words.size() == 2)
        return show(context, words[1]);
    if (action == "set-mode" && words.size() == 3)
        return setMode(context, words[1], words[2]);
    if (action == "apply" && words.size() == 2)
        return applyFile(context, words[1]);
    if (action == "history" && words.size() == 2)
        return print(policyHistoryText(context.paths, words[1], context.line.has("json")));
    if (action == "diff" && words.size() >= 2 && words.size() <= 4)
        return print(policyDiffText(context.paths, words[1], words.size() > 2 ? words[2] : "",
                                    words.size() > 3 ? words[3] : ""));
    if (action == "rollback" && words.size() == 3)
        return rollBack(context, words[1], words[2]);
    return wrongUse("policy takes list, show ID, apply FILE, set-mode ID off|shadow|enforce|file, history ID, "
                    "diff ID [VERSION [VERSION]] or rollback ID VERSION");
}

} // namespace luthien::daemon
