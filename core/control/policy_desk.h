// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/definition.h"

#include <cstdint>
#include <functional>
#include <string>
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
    bool isOverridden = false; ///< the mode was set over the one in the file

    bool operator==(const PolicyEntry&) const = default;
};

/// What may be seen and set of the policies in force. Thread: any.
class PolicyDesk
{
public:
    using SetModeDone = std::function<void(Result<PolicyEntry>)>;

    virtual ~PolicyDesk() = default;

    /// In the order they run.
    [[nodiscard]] virtual std::vector<PolicyEntry> list() const = 0;
    /// done is called once, from any thread, when the mode is saved and in force. Errors: NotFound for an unknown id:
    /// nothing has changed; those of saving: the mode is in force, but only until the process ends.
    virtual void setMode(std::string id, policy::PolicyMode mode, SetModeDone done) = 0;
};

[[nodiscard]] std::string_view policySourceName(PolicySource source) noexcept;
/// The JSON object of the contract.
[[nodiscard]] std::string toJson(const PolicyEntry& entry);
/// The mode in {"mode":"enforce"}. Errors: InvalidInput for anything else.
[[nodiscard]] Result<policy::PolicyMode> modeFromJson(std::string_view body);

} // namespace luthien::control
