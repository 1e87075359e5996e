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

Error unknown(const std::string& id)
{
    return {.code = ErrorCode::NotFound, .message = "there is no policy with the id '" + id + "'"};
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
    auto data = openRecorded(context);
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

const json::object* withId(const std::vector<json::object>& policies, std::string_view id)
{
    const auto found = std::ranges::find_if(
        policies, [id](const json::object& each) { return each.at("id") == json::value(json::string_view(id)); });
    return found == policies.end() ? nullptr : &*found;
}

CommandResult show(const CommandContext& context, const std::string& id)
{
    const auto policies = readPolicies(context);
    if (!policies)
        return policies.error();
    const json::object* const found = withId(*policies, id);
    if (!found)
        return unknown(id);
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
    auto store = runtime::openStore(context.paths, evidenceKeyFor(context));
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

/// What became of each: "ID  VERSION  MODE  new", and the stored ones that are gone.
std::string appliedText(const std::vector<policy::Definition>& definitions, const std::vector<json::object>& before,
                        bool removesOthers)
{
    constexpr std::size_t kShortVersion = 8;
    std::string text;
    for (const policy::Definition& definition : definitions) {
        const std::string version = policy::versionOf(definition);
        const std::string mode(conversation::policyModeName(definition.mode));
        const json::object* const old = withId(before, definition.id);
        const bool isSame = old && old->at("version") == json::value(version) && old->at("mode") == json::value(mode);
        text += padded(definition.id, 24) + padded(version.substr(0, kShortVersion), kShortVersion) + padded(mode, 8) +
                (old == nullptr ? "new\n"
                 : isSame       ? "unchanged\n"
                                : "changed\n");
    }
    for (const json::object& old : before) {
        const auto id = json::value_to<std::string>(old.at("id"));
        const bool isNamed = std::ranges::find(definitions, id, &policy::Definition::id) != definitions.end();
        if (removesOthers && !isNamed && old.at("source") == "stored")
            text += padded(id, 24) + column(old, "version", 0).substr(0, kShortVersion) + "  " +
                    column(old, "mode", 8) + "removed\n";
    }
    return text;
}

/// A stored policy keeps its mode where the file names none: who switched it off did so on purpose.
CommandResult applyFile(const CommandContext& context, const std::string& file)
{
    auto written = runtime::readWrittenPolicies(file);
    if (!written)
        return written.error();
    const auto before = readPolicies(context);
    if (!before)
        return before.error();
    std::vector<policy::Definition> definitions;
    for (runtime::WrittenPolicy& policy : *written) {
        const json::object* const old = policy.namesMode ? nullptr : withId(*before, policy.definition.id);
        if (old)
            policy.definition.mode = conversation::policyModeFromName(json::value_to<std::string>(old->at("mode")))
                                         .value_or(policy.definition.mode);
        definitions.push_back(std::move(policy.definition));
    }
    const auto applied = apply(context, definitions);
    if (!applied) {
        Error error = applied.error();
        // A running instance says the field in its message.
        const std::string told = error.toString();
        const std::string place = runtime::placeOfField(file, std::string_view(told).substr(0, told.find(": ")));
        if (!place.empty())
            error = {.code = error.code, .message = error.toString(), .context = place};
        return error;
    }
    const auto printed = printOut(appliedText(definitions, *before, context.line.has("replace")));
    return printed ? applied : printed.error();
}

/// The stored policies of a running instance without one: it takes all of them or none.
Result<control::PolicyChange> changeWithout(const json::object& set, const std::string& id)
{
    control::PolicyChange change{.definitions = {}, .ifVersion = json::value_to<std::string>(set.at("version"))};
    bool isThere = false;
    for (const json::value& item : set.at("items").as_array()) {
        json::object policy = item.as_object();
        const bool isStored = policy.at("source") == "stored";
        if (policy.at("id") == json::value(id)) {
            isThere = true;
            if (!isStored)
                return Error{.code = ErrorCode::InvalidArgument,
                             .message = "policy '" + id +
                                        "' is written in the configuration file and can be removed "
                                        "there"};
            continue;
        }
        for (const char* const known : {"version", "source", "overridden", "trouble", "place"})
            policy.erase(known);
        auto definition = isStored ? policy::definitionFromJson(json::serialize(policy))
                                   : Result<policy::Definition>(policy::Definition());
        if (!definition)
            return definition.error();
        if (isStored)
            change.definitions.push_back(*std::move(definition));
    }
    if (!isThere)
        return unknown(id);
    return change;
}

CommandResult remove(const CommandContext& context, const std::string& id)
{
    const auto policies = askRunning(context, "GET", "/api/v1/policies", {});
    if (!policies)
        return policies.error();
    if (!*policies)
        return changeStored(context, [&](runtime::Policies& stored) { return stored.remove(id, "cli"); });
    const auto set = parseStrictJson((*policies)->body);
    if (!set)
        return set.error();
    const auto change = changeWithout(set->as_object(), id);
    if (!change)
        return change.error();
    const auto answer = askRunning(context, "PUT", "/api/v1/policies", control::toJson(*change));
    return answer ? CommandResult(Done) : answer.error();
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
    auto definition = policyAtVersion(context.paths, [&] { return evidenceKeyFor(context); }, id, version);
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
    const auto findKey = [&context] { return evidenceKeyFor(context); };
    if (action == "list" && words.size() == 1)
        return list(context);
    if (action == "show" && words.size() == 2)
        return show(context, words[1]);
    if (action == "remove" && words.size() == 2)
        return remove(context, words[1]);
    if (action == "set-mode" && words.size() == 3)
        return setMode(context, words[1], words[2]);
    if (action == "apply" && words.size() == 2)
        return applyFile(context, words[1]);
    if (action == "history" && words.size() == 2)
        return print(policyHistoryText(context.paths, findKey, words[1], context.line.has("json")));
    if (action == "diff" && words.size() >= 2 && words.size() <= 4)
        return print(policyDiffText(context.paths, findKey, words[1], words.size() > 2 ? words[2] : "",
                                    words.size() > 3 ? words[3] : ""));
    if (action == "rollback" && words.size() == 3)
        return rollBack(context, words[1], words[2]);
    return wrongUse(
        "policy takes list, show ID, apply FILE, remove ID, set-mode ID off|shadow|enforce|file, history ID, "
        "diff ID [VERSION [VERSION]] or rollback ID VERSION");
}

} // namespace luthien::daemon
