// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/latency_counts.h"
#include "base/result.h"
#include "policy/definition.h"
#include "policy/policy.h"
#include "policy/script_failures.h"

#include <QObject>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace luthien::desktop {

/// A policy of the chain, as it is in force.
struct ListedPolicy
{
    policy::Definition definition;              ///< with the mode that counts
    std::string version;                        ///< 64 hex
    bool isFromFile = false;                    ///< written in the configuration: only its mode can be changed here
    std::optional<policy::PolicyMode> fileMode; ///< of the file, if a stored mode stands in its place
    std::string place;                          ///< file and line; empty = stored

    bool operator==(const ListedPolicy&) const = default;
};

/// The chain of policies that the proxy runs, and the way to change it. What is set counts for every call that begins
/// after it, and survives a restart. Thread: GUI.
class PolicySource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// In the order they run.
    [[nodiscard]] virtual std::vector<ListedPolicy> policies() const = 0;
    /// One sentence if a change could not be saved and will be lost; else empty.
    [[nodiscard]] virtual std::string trouble() const = 0;
    /// The last thing that went wrong with a policy's script; nobody tells of it.
    [[nodiscard]] virtual std::optional<policy::ScriptFailure> failureOf(const std::string& id) const = 0;
    /// How long it took to answer, each time it was asked since the start; nobody tells of it.
    [[nodiscard]] virtual LatencyCounts latencyOf(const std::string& id) const = 0;
    /// What can be added.
    [[nodiscard]] virtual policy::Registry types() const = 0;
    /// Nullopt = as the file says. Errors: those of the store.
    [[nodiscard]] virtual Result<void> setMode(const std::string& id, std::optional<policy::PolicyMode> mode) = 0;
    /// Adds a policy, or a new version of one. Errors: InvalidInput, context = "policies[ID].field"; Conflict if the
    /// file has that id.
    [[nodiscard]] virtual Result<void> save(const policy::Definition& definition) = 0;
    [[nodiscard]] virtual Result<void> remove(const std::string& id) = 0;
    /// Has a policy that is not the file's run at another place of policies(). Errors: InvalidArgument, NotFound.
    [[nodiscard]] virtual Result<void> move(const std::string& id, int place) = 0;
    /// Adds policies and new versions of others: all of them, or none. Errors: as save().
    [[nodiscard]] virtual Result<void> saveAll(const std::vector<policy::Definition>& definitions) = 0;

    [[nodiscard]] bool isUsed(const std::string& id) const
    {
        return std::ranges::any_of(policies(), [&id](const ListedPolicy& each) { return each.definition.id == id; });
    }
    /// The id, or "ID-2" and so on if it is another policy's.
    [[nodiscard]] std::string unusedId(const std::string& wanted) const
    {
        std::string id = wanted;
        for (int number = 2; isUsed(id); ++number)
            id = wanted + "-" + std::to_string(number);
        return id;
    }

Q_SIGNALS:
    /// The chain, or trouble(), is another one.
    void changed();
};

} // namespace luthien::desktop
