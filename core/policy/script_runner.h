// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/script_failures.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace luthien::policy {

/// What a script may define; it is asked only for what it does.
enum class ScriptFunction : std::uint8_t { OnRequest, OnText, OnToolCall, OnEnd };
inline constexpr std::array<std::string_view, 4> kScriptFunctionNames{"onRequest", "onText", "onToolCall", "onEnd"};
[[nodiscard]] constexpr std::string_view scriptFunctionName(ScriptFunction function) noexcept
{
    return kScriptFunctionNames.at(static_cast<std::size_t>(function));
}

/// Which functions a script defines.
struct ScriptOutline
{
    std::array<bool, kScriptFunctionNames.size()> defines{};

    [[nodiscard]] constexpr bool has(ScriptFunction function) const noexcept
    {
        return defines.at(static_cast<std::size_t>(function));
    }
    bool operator==(const ScriptOutline&) const = default;
};

inline constexpr std::size_t kMaxScriptBytes = 64UL * 1024;
inline constexpr std::size_t kMaxScriptArgumentBytes = 8UL * 1024 * 1024;
inline constexpr std::size_t kMaxScriptResultBytes = 8UL * 1024 * 1024;
inline constexpr std::chrono::milliseconds kScriptTimeout{50};
inline constexpr std::chrono::milliseconds kMaxScriptTimeout{5'000};

/// One call of a script's function.
struct ScriptCall
{
    std::shared_ptr<const std::string> source;
    ScriptFunction function = ScriptFunction::OnToolCall;
    std::string argument;                              ///< JSON
    std::chrono::milliseconds timeout{kScriptTimeout}; ///< from when a process takes it until its answer is there
    std::string policyId;                              ///< for log lines
};

/// Runs scripts of people where they can neither read nor stop the program. A call sees nothing of the calls before it,
/// and a script that fails fails for itself alone. Thread: any.
class ScriptRunner
{
public:
    virtual ~ScriptRunner() = default;

    /// Reads a script and runs its top level, and waits for it: some milliseconds, some seconds at most. Errors:
    /// InvalidInput, context = "line N" where one is known (it cannot be read, threw, or defines no function we call);
    /// TooLarge; Timeout; Unavailable.
    [[nodiscard]] virtual Result<ScriptOutline> check(const std::string& source) = 0;

    /// What the function returned, as JSON that the script wrote: to be read with suspicion. Errors: InvalidInput (it
    /// threw, or returned what is no JSON; context = "line N" where one is known), TooLarge, Timeout, Unavailable
    /// (its process died, or fails too often, or nobody has time for it).
    using Done = std::function<void(Result<std::string>)>;
    /// done is called exactly once, on a thread of the runner, never from within run(). The runner's end calls it too.
    virtual void run(ScriptCall call, Done done) = 0;

    /// What went wrong with the scripts of policies, for people to see.
    [[nodiscard]] ScriptFailures& failures() noexcept { return m_failures; }

private:
    ScriptFailures m_failures;
};

} // namespace luthien::policy
