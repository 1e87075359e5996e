// SPDX-License-Identifier: Apache-2.0
#include "runtime/policies.h"

#include "base/logging.h"
#include "base/sha256.h"
#include "policy/policy_figures.h"
#include "policy/script_runner.h"
#include "runtime/asked_upstreams.h"

#include <QThread>

#include <algorithm>
#include <array>
#include <pwd.h>
#include <set>
#include <unistd.h>
#include <utility>

namespace luthien::runtime {

using policy::PolicyMode;

namespace {
PolicyState stateOf(policy::Definition definition)
{
    PolicyState state{.definition = std::move(definition)};
    state.version = policy::versionOf(state.definition);
    return state;
}

/// What Chain::build says about "policies[ID].field", told for the line ID was written in.
Error placed(Error error, const std::vector<PolicyState>& states)
{
    for (const PolicyState& state : states) {
        const std::string prefix = "policies[" + state.definition.id + "]";
        if (state.place.empty() || !error.context.starts_with(prefix))
            continue;
        const std::string field = error.context.substr(std::min(prefix.size() + 1, error.context.size()));
        error.message = "policy '" + state.definition.id + "': " + (field.empty() ? "" : field + ": ") + error.message;
        error.context = state.place;
        break;
    }
    return error;
}

Result<std::shared_ptr<const policy::Chain>> chainOf(const std::vector<PolicyState>& states, policy::Registry registry,
                                                     const policy::Services& services)
{
    std::vector<policy::Definition> definitions;
    for (const PolicyState& state : states)
        definitions.push_back(state.definition);
    auto chain = policy::Chain::build(registry, definitions, services);
    if (!chain)
        return placed(chain.error(), states);
    return chain;
}

PolicyState fileState(const PolicyConfig& policy, const std::vector<store::ModeOverride>& overrides)
{
    PolicyState state = stateOf(policy.definition);
    state.isFromFile = true;
    state.place = policy.place;
    if (const auto set = std::ranges::find(overrides, state.definition.id, &store::ModeOverride::id);
        set != overrides.end())
        state.fileMode = std::exchange(state.definition.mode, set->mode);
    return state;
}

/// An error at the start that only the version which stored a policy can remedy; "policies[ID]" = it is of no file.
Error withRemedy(Error error)
{
    if (error.context.starts_with("policies["))
        error.message +=
            " It is stored in the data directory, perhaps by another version: start that one and remove it.";
    return error;
}

Result<PolicyState> storedState(const store::StoredPolicy& policy)
{
    auto definition = policy::definitionFromJson(policy.definition);
    if (!definition) {
        Error error = definition.error();
        error.context = "policies[" + policy.id + "]." + error.context;
        return withRemedy(std::move(error));
    }
    definition->mode = policy.mode;
    return stateOf(*std::move(definition));
}

Error unknown(std::string_view id)
{
    return {.code = ErrorCode::NotFound, .message = "there is no policy with the id '" + std::string(id) + "'"};
}

Error belongsToTheFile(const PolicyState& state, const char* what)
{
    return {.code = ErrorCode::InvalidArgument,
            .message =
                "policy '" + state.definition.id + "' is written in the configuration file and " + what + " there",
            .context = state.place};
}

/// Who runs this program: whoever may change its policies.
std::string userName()
{
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
    return found != nullptr ? found->pw_name : std::to_string(::geteuid());
}
} // namespace

Result<std::vector<PolicyState>> policyStates(const std::vector<PolicyConfig>& file, const store::PolicyBook& book)
{
    std::vector<PolicyState> states;
    for (const PolicyConfig& policy : file)
        states.push_back(fileState(policy, book.overrides));
    for (const store::StoredPolicy& policy : book.policies) {
        const auto other = std::ranges::find(file, policy.id, [](const auto& each) { return each.definition.id; });
        if (other != file.end())
            return Error{.code = ErrorCode::InvalidArgument,
                         .message = "a policy with the id '" + policy.id +
                                    "' is stored in the data directory too; give this one another id",
                         .context = other->place};
        auto state = storedState(policy);
        if (!state)
            return state.error();
        states.push_back(*std::move(state));
    }
    return states;
}

policy::Definition Policies::firstPolicy()
{
    return {.id = "destructive-sql", .type = "destructive-sql", .mode = PolicyMode::Shadow};
}

Result<void> Policies::check(const Config& config, policy::Registry registry, const policy::Services& services)
{
    const auto states = policyStates(config.policies, {});
    if (!states)
        return states.error();
    for (const PolicyState& state : *states) {
        if (auto checked = checkAskedUpstream(state.definition, registry, config.upstreams); !checked)
            return placed(checked.error(), *states);
    }
    const auto chain = chainOf(*states, registry, services);
    return chain ? Result<void>() : chain.error();
}

Policies::Policies(const Config& config, store::Store& store, policy::Registry registry,
                   const policy::Services& services, const Clock& clock)
    : m_store(store)
    , m_registry(registry)
    , m_services(services)
    , m_upstreams(config.upstreams)
    , m_clock(clock)
{
}

Result<std::unique_ptr<Policies>> Policies::open(const Config& config, store::Store& store, policy::Registry registry,
                                                 const policy::Services& services, const Clock& clock)
{
    std::unique_ptr<Policies> policies(new Policies(config, store, registry, services, clock));
    if (auto loaded = policies->load(config); !loaded)
        return loaded.error();
    return policies;
}

Result<void> Policies::load(const Config& config)
{
    const auto reader = m_store.openReader();
    if (!reader)
        return reader.error();
    auto book = (*reader)->policyBook();
    if (!book)
        return book.error();
    m_isSeeded = book->isSeeded;
    auto states = policyStates(config.policies, *book);
    if (!states)
        return states.error();
    m_states = *std::move(states);
    std::ranges::copy_if(book->overrides, std::back_inserter(m_absent),
                         [this](const store::ModeOverride& each) { return find(each.id) == nullptr; });
    for (const PolicyState& state : m_states) {
        if (state.fileMode)
            qCInfo(lcRuntime).noquote() << QString::fromStdString(
                "policy '" + state.definition.id + "' is in mode " +
                std::string(conversation::policyModeName(state.definition.mode)) +
                ", set in the program; the file says " + std::string(conversation::policyModeName(*state.fileMode)));
    }
    const bool seeds = config.offersFirstPolicy && !m_isSeeded && m_states.empty();
    if (seeds)
        m_states.push_back(stateOf(firstPolicy()));
    if (auto adopted = adopt(m_states); !adopted)
        return withRemedy(adopted.error());
    m_isSeeded = m_isSeeded || seeds;
    if (seeds)
        persist();
    noteVersions("start");
    return {};
}

std::optional<policy::ScriptFailure> Policies::failureOf(std::string_view id) const
{
    return m_services.scripts == nullptr ? std::nullopt : m_services.scripts->failures().of(id);
}

LatencyCounts Policies::latencyOf(std::string_view id) const
{
    return m_services.figures == nullptr ? LatencyCounts() : m_services.figures->of(id);
}

const PolicyState* Policies::find(std::string_view id) const noexcept
{
    const auto found =
        std::ranges::find_if(m_states, [id](const PolicyState& each) { return each.definition.id == id; });
    return found == m_states.end() ? nullptr : &*found;
}

std::vector<PolicyState>::iterator Policies::at(std::vector<PolicyState>& states, std::string_view id) const
{
    return std::ranges::find_if(states, [id](const PolicyState& each) { return each.definition.id == id; });
}

Result<void> Policies::checkStoredUpstreams() const
{
    for (const PolicyState& state : m_states) {
        if (auto checked = checkAskedUpstream(state.definition, m_registry, m_upstreams); !checked) {
            Error error = checked.error();
            error.message += " Configure it, or call luthiend policy set-mode " + state.definition.id + " off.";
            return error;
        }
    }
    return {};
}

Result<void> Policies::checkUpstreams(const std::vector<PolicyState>& states) const
{
    for (const PolicyState& state : states) {
        if (std::ranges::find(m_states, state) != m_states.end())
            continue;
        if (auto checked = checkAskedUpstream(state.definition, m_registry, m_upstreams); !checked)
            return placed(checked.error(), states);
    }
    return {};
}

Result<std::shared_ptr<const policy::Chain>> Policies::chainWith(policy::Definition draft) const
{
    draft.mode = PolicyMode::Enforce;
    auto states = m_states;
    const auto same = at(states, draft.id);
    const auto place = same == states.end() ? states.insert(same, PolicyState()) : same;
    *place = stateOf(std::move(draft));
    if (auto checked = checkUpstreams(states); !checked)
        return checked.error();
    policy::Services services = m_services;
    services.figures = nullptr;
    return chainOf(states, m_registry, services);
}

Result<void> Policies::setMode(std::string_view id, std::optional<PolicyMode> mode, Means means, Saved done)
{
    auto states = m_states;
    const auto state = at(states, id);
    if (state == states.end())
        return unknown(id);
    if (!state->isFromFile) {
        if (!mode)
            return Error{.code = ErrorCode::InvalidArgument,
                         .message = "policy '" + std::string(id) + "' is not written in the configuration file"};
        state->definition.mode = *mode;
        return change(std::move(states), means, std::move(done));
    }
    const PolicyMode fileMode = state->fileMode.value_or(state->definition.mode);
    state->definition.mode = mode.value_or(fileMode);
    state->fileMode = mode ? std::optional(fileMode) : std::nullopt;
    return change(std::move(states), means, std::move(done));
}

Result<void> Policies::save(policy::Definition definition, Means means)
{
    std::vector<policy::Definition> definitions;
    definitions.push_back(std::move(definition));
    return apply(std::move(definitions), Others::Kept, means);
}

Result<void> Policies::apply(std::vector<policy::Definition> definitions, Others others, Means means, Saved done)
{
    std::vector<PolicyState> states;
    std::ranges::copy_if(m_states, std::back_inserter(states),
                         [others](const auto& each) { return each.isFromFile || others == Others::Kept; });
    std::set<std::string> ids;
    for (policy::Definition& definition : definitions) {
        if (!ids.insert(definition.id).second)
            return Error{.code = ErrorCode::InvalidInput,
                         .message = "two policies have this id",
                         .context = "policies[" + definition.id + "].id"};
        const auto state = at(states, definition.id);
        if (state == states.end()) {
            states.push_back(stateOf(std::move(definition)));
        } else if (state->isFromFile) {
            Error error = belongsToTheFile(*state, "can be changed");
            error.code = ErrorCode::Conflict;
            return error;
        } else {
            *state = stateOf(std::move(definition));
        }
    }
    return change(std::move(states), means, std::move(done));
}

std::string Policies::setVersion() const
{
    std::string text;
    for (const PolicyState& state : m_states)
        text += state.definition.id + ' ' + state.version + ' ' +
                std::string(conversation::policyModeName(state.definition.mode)) + '\n';
    return toHex(Sha256::of(text));
}

Result<void> Policies::remove(std::string_view id, Means means)
{
    auto states = m_states;
    const auto state = at(states, id);
    if (state == states.end())
        return unknown(id);
    if (state->isFromFile)
        return belongsToTheFile(*state, "can be removed");
    states.erase(state);
    return change(std::move(states), means);
}

Result<void> Policies::move(std::string_view id, std::size_t place, Means means)
{
    auto states = m_states;
    const auto state = at(states, id);
    if (state == states.end())
        return unknown(id);
    if (state->isFromFile)
        return belongsToTheFile(*state, "has its place");
    if (place >= states.size() || states[place].isFromFile)
        return Error{.code = ErrorCode::InvalidArgument,
                     .message = "the policies of the configuration file run before '" + std::string(id) + "'"};
    const auto from = state - states.begin();
    const auto to = static_cast<std::ptrdiff_t>(place);
    const auto begin = states.begin();
    if (from < to)
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
    else
        std::rotate(begin + to, begin + from, begin + from + 1);
    return change(std::move(states), means);
}

Result<void> Policies::change(std::vector<PolicyState> states, Means means, Saved done)
{
    Q_ASSERT(thread() == QThread::currentThread());
    if (states == m_states) {
        if (done)
            done({});
        return {};
    }
    if (auto checked = checkUpstreams(states); !checked)
        return checked;
    if (auto adopted = adopt(std::move(states)); !adopted)
        return adopted;
    persist(std::move(done));
    noteVersions(means);
    Q_EMIT changed();
    return {};
}

Result<void> Policies::adopt(std::vector<PolicyState> states)
{
    auto chain = chainOf(states, m_registry, m_services);
    if (!chain)
        return chain.error();
    m_chain = *std::move(chain);
    m_states = std::move(states);
    return {};
}

void Policies::persist(Saved done)
{
    store::PolicyBook book{.isSeeded = m_isSeeded, .overrides = m_absent};
    for (const PolicyState& state : m_states) {
        if (!state.isFromFile)
            book.policies.push_back({.id = state.definition.id,
                                     .definition = policy::toJson(state.definition),
                                     .mode = state.definition.mode});
        else if (state.fileMode)
            book.overrides.push_back({.id = state.definition.id, .mode = state.definition.mode});
    }
    // Comes on the writer's thread. The store closes first, so that this object is still there.
    m_store.savePolicyBook(std::move(book), [this, done = std::move(done)](const Result<void>& saved) {
        const auto tell = [this, done, saved] {
            noteSaved(saved);
            if (done)
                done(saved);
        };
        QMetaObject::invokeMethod(this, tell, Qt::QueuedConnection);
    });
}

void Policies::noteSaved(const Result<void>& done)
{
    m_trouble = done ? "" : "Policies could not be saved: " + done.error().toString();
    if (!done)
        qCWarning(lcRuntime).noquote() << QString::fromStdString(m_trouble);
    Q_EMIT saved();
}

void Policies::noteVersions(Means means)
{
    std::vector<store::PolicyVersion> versions;
    std::vector<store::PolicyChange> changes;
    const TimePoint now = m_clock.now();
    for (const PolicyState& state : m_states) {
        versions.push_back({.version = state.version,
                            .policyId = state.definition.id,
                            .definition = policy::toJson(state.definition),
                            .firstUsedAt = now});
        changes.push_back({.policyId = state.definition.id,
                           .version = state.version,
                           .mode = state.definition.mode,
                           .at = now,
                           .author = userName(),
                           .source = std::string(state.isFromFile && !state.fileMode ? "file" : means)});
    }
    m_store.notePolicyVersions(std::move(versions));
    m_store.notePolicyChanges(std::move(changes));
}

} // namespace luthien::runtime
