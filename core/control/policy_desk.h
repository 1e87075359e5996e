// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/definition.h"
#include "policy/script_failures.h"
#include "store/policy_book.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::control {

/// Where a policy is defined.
enum class PolicySource : std::uint8_t { File, Stored };

/// A policy as it is now.
struct PolicyEntry
{
    policy::Definition definition; ///< its mode is the one in force
    std::string version;           ///< versionOf(definition)
    PolicySource source = PolicySource::Stored;
    bool isOverridden = false;                    ///< the mode was set over the one in the file
    std::optional<policy::ScriptFailure> trouble; ///< what went wrong with its script last

    bool operator==(const PolicyEntry&) const = default;
};

/// The policies in force.
struct PolicySet
{
    std::string version;              ///< other as soon as any of them, a mode, or the order is
    std::vector<PolicyEntry> entries; ///< in the order they run

    bool operator==(const PolicySet&) const = default;
};

/// Other stored policies.
struct PolicyChange
{
    std::vector<policy::Definition> definitions;
    bool removesOthers = true;            ///< false = stored ones that are not named stay
    std::optional<std::string> ifVersion; ///< only if the set still has this version

    bool operator==(const PolicyChange&) const = default;
};

/// What may be seen and set of the policies in force. Thread: any.
class PolicyDesk
{
public:
    using SetModeDone = std::function<void(Result<PolicyEntry>)>;
    using ApplyDone = std::function<void(Result<PolicySet>)>;

    virtual ~PolicyDesk() = default;

    [[nodiscard]] virtual PolicySet list() const = 0;
    /// done is called once, from any thread, when the mode is saved and in force. Errors: NotFound for an unknown id:
    /// nothing has changed; those of saving: the mode is in force, but only until the process ends.
    virtual void setMode(std::string id, policy::PolicyMode mode, SetModeDone done) = 0;
    /// The mode of a policy of the configuration file is again the one written there. As setMode(), and
    /// InvalidArgument for a stored policy.
    virtual void setModeOfFile(std::string id, SetModeDone done) = 0;
    /// As setMode(), for definitions. Errors: Conflict if the version is another or the id belongs to the file,
    /// InvalidInput, context = "policies[ID].field": nothing has changed.
    virtual void apply(PolicyChange change, ApplyDone done) = 0;
};

[[nodiscard]] std::string_view policySourceName(PolicySource source) noexcept;
/// The JSON object of the contract.
[[nodiscard]] std::string toJson(const PolicyEntry& entry);
/// {"version","items":[...],"next":null}
[[nodiscard]] std::string toJson(const PolicySet& set);
/// The mode in {"mode":"enforce"}; nullopt = {"mode":"file"}. Errors: InvalidInput for anything else.
[[nodiscard]] Result<std::optional<policy::PolicyMode>> modeFromJson(std::string_view body);
/// {"policies":[...],"if_version":"..."}; if_version may be null; "others":"kept" leaves the rest as it is. Errors:
/// InvalidInput, context = the member.
[[nodiscard]] Result<PolicyChange> changeFromJson(std::string_view body);
/// One step of a policy's history: {"version","mode","at","author","source","definition"}.
[[nodiscard]] std::string toJson(const store::PolicyChangeRow& row);
/// What changeFromJson() reads.
[[nodiscard]] std::string toJson(const PolicyChange& change);

} // namespace luthien::control
