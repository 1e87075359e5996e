// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/latency_counts.h"
#include "base/result.h"
#include "policy/chain.h"
#include "policy/definition.h"
#include "policy/policy.h"
#include "policy/script_failures.h"
#include "runtime/config.h"
#include "store/store.h"

#include <QObject>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::runtime {

/// One policy as it is in force.
struct PolicyState
{
    policy::Definition definition; ///< with the mode that counts
    std::string version;           ///< 64 hex
    bool isFromFile = false;       ///< written in the configuration: only its mode can be changed in the program
    std::optional<policy::PolicyMode> fileMode; ///< of the file, if a stored mode stands in its place
    std::string place;                          ///< file and line; empty = stored

    bool operator==(const PolicyState&) const = default;
};

/// What the configuration and the data directory say together. Errors: InvalidInput for a stored definition that
/// cannot be read, InvalidArgument for an id that is in both. Whether a chain can be built of them is not looked at.
[[nodiscard]] Result<std::vector<PolicyState>> policyStates(const std::vector<PolicyConfig>& file,
                                                            const store::PolicyBook& book);

/// What becomes of the stored policies that an apply() does not name.
enum class Others : std::uint8_t { Kept, Removed };

/// The policies of this instance: those of the configuration file first, then the stored ones; the mode of each can be
/// set here. A change counts at once for new calls and is saved behind: the store commits it within milliseconds, and
/// before it closes in any case. Thread: main.
class Policies : public QObject
{
    Q_OBJECT
public:
    /// By what a change was made, for the history: "window", "api", "cli".
    using Means = std::string_view;
    /// What the desktop offers on a fresh data directory.
    [[nodiscard]] static policy::Definition firstPolicy();

    /// Whether the policies of the file can be run. Errors: InvalidInput, naming file, line and field.
    [[nodiscard]] static Result<void> check(const Config& config, policy::Registry registry,
                                            const policy::Services& services);
    /// Reads the stored ones; what services refer to outlives this object and every chain of it; store must close
    /// before this object is destroyed. Errors: InvalidInput for a definition that cannot be run, naming file and line;
    /// those of policyStates() and of the store.
    [[nodiscard]] static Result<std::unique_ptr<Policies>> open(const Config& config, store::Store& store,
                                                                policy::Registry registry,
                                                                const policy::Services& services, const Clock& clock);

    /// In the order they run.
    [[nodiscard]] const std::vector<PolicyState>& states() const noexcept { return m_states; }
    /// Null if there is none of that id.
    [[nodiscard]] const PolicyState* find(std::string_view id) const noexcept;
    [[nodiscard]] std::shared_ptr<const policy::Chain> chain() const { return m_chain; }
    /// The policies in force with this one among them, at the place of the one with its id, else last: for a trial.
    /// What it does is counted at none; it is enforced, whatever its mode. Errors: InvalidInput, context =
    /// "policies[ID].field", also if it asks a model that cannot be reached.
    [[nodiscard]] Result<std::shared_ptr<const policy::Chain>> chainWith(policy::Definition draft) const;
    /// The last thing that went wrong with a policy's script; nullopt = nothing has since the start. Thread: any.
    [[nodiscard]] std::optional<policy::ScriptFailure> failureOf(std::string_view id) const;
    /// How long it took to answer, each time it was asked since the start; empty = it never was. Thread: any.
    [[nodiscard]] LatencyCounts latencyOf(std::string_view id) const;
    [[nodiscard]] policy::Registry types() const noexcept { return m_registry; }
    /// One sentence if the latest change could not be saved and will be lost with the process; else empty.
    [[nodiscard]] const std::string& trouble() const noexcept { return m_trouble; }

    /// Told here how the saving of a change ended. Thread: main.
    using Saved = std::function<void(const Result<void>&)>;
    /// Whether the models that the stored policies ask can be reached. Errors: InvalidInput, naming the policy and what
    /// to do.
    [[nodiscard]] Result<void> checkStoredUpstreams() const;
    /// Nullopt = as the file says. Errors: NotFound; InvalidInput if it asks a model that cannot be reached;
    /// InvalidArgument for nullopt if it is no policy of the file; then nothing changes and done is not called.
    [[nodiscard]] Result<void> setMode(std::string_view id, std::optional<policy::PolicyMode> mode, Means means,
                                       Saved done = {});
    /// Adds a policy, or a new version of a stored one in its place. Errors: InvalidInput, context =
    /// "policies[ID].field"; Conflict if the file has that id. The chain then stays what it was.
    [[nodiscard]] Result<void> save(policy::Definition definition, Means means);
    /// All or nothing: adds policies and new versions of stored ones; with Others::Removed the stored ones are then
    /// these and no others, in this order. Errors: as save(), and InvalidInput if an id is there twice.
    [[nodiscard]] Result<void> apply(std::vector<policy::Definition> definitions, Others others, Means means,
                                     Saved done = {});
    /// Has a stored policy run at another place: place = its index in states() then. Those of the file come first, in
    /// the file's order. Errors: NotFound; InvalidArgument for a policy of the file, or a place among them or beyond.
    [[nodiscard]] Result<void> move(std::string_view id, std::size_t place, Means means);
    /// 64 hex: other as soon as any definition, mode, or the order is. What a client names that changes what it saw.
    [[nodiscard]] std::string setVersion() const;
    /// Errors: NotFound; InvalidArgument for a policy of the file.
    [[nodiscard]] Result<void> remove(std::string_view id, Means means);

Q_SIGNALS:
    /// chain() and states() are others.
    void changed();
    /// A change was saved, or could not be: see trouble().
    void saved();

private:
    Policies(const Config& config, store::Store& store, policy::Registry registry, const policy::Services& services,
             const Clock& clock);

    [[nodiscard]] Result<void> load(const Config& config);
    /// Of those that are not as they are now.
    [[nodiscard]] Result<void> checkUpstreams(const std::vector<PolicyState>& states) const;
    /// Makes these the policies in force, if a chain can be built of them. Errors: as Chain::build.
    [[nodiscard]] Result<void> adopt(std::vector<PolicyState> states);
    [[nodiscard]] Result<void> change(std::vector<PolicyState> states, Means means, Saved done = {});
    [[nodiscard]] std::vector<PolicyState>::iterator at(std::vector<PolicyState>& states, std::string_view id) const;
    void persist(Saved done = {});
    void noteVersions(Means means);
    void noteSaved(const Result<void>& done);

    store::Store& m_store;
    policy::Registry m_registry;
    policy::Services m_services;
    std::vector<UpstreamConfig> m_upstreams;
    const Clock& m_clock;
    std::vector<PolicyState> m_states;
    std::vector<store::ModeOverride> m_absent; ///< modes of policies the file does not have now
    std::shared_ptr<const policy::Chain> m_chain;
    std::string m_trouble;
    bool m_isSeeded = false;
};

} // namespace luthien::runtime
