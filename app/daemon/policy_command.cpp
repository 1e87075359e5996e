// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands.h"
#include "policy/builtin/builtin.h"
#include "runtime/instance_file.h"
#include "runtime/policies.h"
#include "runtime/recorded_data.h"

#include <QLoggingCategory>

#include <boost/json.hpp>

#include <algorithm>

namespace luthien::daemon {

namespace {
namespace json = boost::json;
using runtime::PolicyState;

Error wrongUse(std::string message)
{
    return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}

/// What the configuration and the data directory say; an instance that was started with another file may differ.
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

std::string sourceOf(const PolicyState& state)
{
    if (!state.isFromFile)
        return "stored";
    return state.fileMode ? "file, which says " + std::string(conversation::policyModeName(*state.fileMode)) : "file";
}

json::object toJson(const PolicyState& state)
{
    json::object object = json::parse(policy::toJson(state.definition)).as_object();
    object["version"] = state.version;
    object["source"] = state.isFromFile ? "file" : "stored";
    object["overridden"] = state.fileMode.has_value();
    object["place"] = state.place.empty() ? json::value(nullptr) : json::value(state.place);
    return object;
}

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(text.size(), width), ' ');
    return text + "  ";
}

std::string listText(const std::vector<PolicyState>& states, bool asJson)
{
    if (!asJson && states.empty())
        return "no policies\n";
    std::string text = asJson ? "" : padded("ID", 24) + padded("TYPE", 18) + padded("MODE", 8) + "FROM\n";
    for (const PolicyState& state : states) {
        const policy::Definition& policy = state.definition;
        text += asJson ? json::serialize(toJson(state)) + '\n'
                       : padded(policy.id, 24) + padded(policy.type, 18) +
                             padded(std::string(conversation::policyModeName(policy.mode)), 8) + sourceOf(state) + '\n';
    }
    return text;
}

CommandResult list(const CommandContext& context)
{
    const auto states = readStates(context);
    if (!states)
        return states.error();
    const auto printed = printOut(listText(*states, context.line.has("json")));
    return printed ? CommandResult(Done) : printed.error();
}

CommandResult show(const CommandContext& context, const std::string& id)
{
    const auto states = readStates(context);
    if (!states)
        return states.error();
    const auto found = std::ranges::find(*states, id, [](const PolicyState& each) { return each.definition.id; });
    if (found == states->end())
        return Error{.code = ErrorCode::NotFound, .message = "there is no policy with the id '" + id + "'"};
    const auto printed = printOut(json::serialize(toJson(*found)) + '\n');
    return printed ? CommandResult(Done) : printed.error();
}

Error heldByAnInstance(const runtime::Paths& paths, const std::string& id)
{
    const auto instance = runtime::runningInstance(paths);
    std::string message = "is in use by a running instance: set the mode in its window";
    if (instance && instance->control)
        message += ", or with PATCH " + *instance->control + "/api/v1/policies/" + id;
    return {.code = ErrorCode::Conflict, .message = std::move(message), .context = paths.dataDirectory.string()};
}

/// A running instance has its policies in its own hands: while there is one, this finds the directory locked.
CommandResult setMode(const CommandContext& context, const std::string& id, const std::string& word)
{
    const auto mode = conversation::policyModeFromName(word);
    if (!mode && word != "file")
        return wrongUse("a mode is off, shadow, enforce, or file for what the configuration says; not '" + word + "'");
    const auto config = loadConfigFor(context, {});
    if (!config)
        return config.error();
    const auto lock = runtime::DataDirectoryLock::acquire(context.paths, "luthiend");
    if (!lock)
        return lock.error().code == ErrorCode::Conflict ? heldByAnInstance(context.paths, id) : lock.error();
    auto store = store::Store::open({.directory = context.paths.dataDirectory});
    if (!store)
        return store.error();
    const SystemClock clock;
    auto policies = runtime::Policies::open(*config, **store, policy::builtin::registry(), clock);
    if (!policies)
        return policies.error();
    const auto set = (*policies)->setMode(id, mode);
    store->reset(); // saves
    return set ? CommandResult(Done) : set.error();
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
    return wrongUse("policy takes list, show ID or set-mode ID off|shadow|enforce|file");
}

} // namespace luthien::daemon
