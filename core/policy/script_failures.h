// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::policy {

/// The last thing that went wrong with a policy's script.
struct ScriptFailure
{
    TimePoint at;
    std::string message;     ///< one line, with the script's line where one is known
    std::uint64_t count = 0; ///< how often something went wrong since the program started

    bool operator==(const ScriptFailure&) const = default;
};

/// Keeps the last failure of each policy, so that a broken script can be seen at the policy. Thread: any.
class ScriptFailures
{
public:
    static constexpr std::size_t kMaxPolicies = 1000;
    static constexpr std::size_t kMaxMessageCharacters = 1000;

    void note(const std::string& policyId, TimePoint at, std::string_view message);
    [[nodiscard]] std::optional<ScriptFailure> of(std::string_view policyId) const;

private:
    mutable std::mutex m_mutex;
    std::map<std::string, ScriptFailure, std::less<>> m_failures;
};

} // namespace luthien::policy
