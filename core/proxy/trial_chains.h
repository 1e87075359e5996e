// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "policy/stream_gate.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::proxy {

/// The request field that names the trial a request is sent for. It never goes upstream; the record has the trial's
/// name in place of its token.
inline constexpr std::string_view kTrialField = "x-luthien-trial";

/// Policies that one request is to pass in place of those in force.
struct Trial
{
    std::string name; ///< one line, for the record
    std::shared_ptr<const policy::GateFactory> gates;
};

/// Lets this process, and nobody else, send single requests under other policies: whoever has the token of a trial can
/// use it once, and soon. Thread: any.
class TrialChains
{
public:
    static constexpr std::size_t kMaxWaiting = 8; ///< beyond, the oldest is forgotten
    static constexpr std::chrono::seconds kLifetime{30};

    /// Its token: 64 hex of the system's randomness. Errors: Unavailable if there is none.
    [[nodiscard]] Result<std::string> add(Trial trial, SteadyPoint now);
    /// Nullopt = there is no such trial, or not any more.
    [[nodiscard]] std::optional<Trial> take(std::string_view token, SteadyPoint now);

private:
    struct Waiting
    {
        std::string token;
        Trial trial;
        SteadyPoint until;
    };

    std::mutex m_mutex;
    std::vector<Waiting> m_waiting; ///< oldest first
};

} // namespace luthien::proxy
