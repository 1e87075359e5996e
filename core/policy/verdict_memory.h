// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/sha256.h"
#include "policy/policy.h"

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

namespace luthien::policy {

/// What a verdict was about: equal in all of it = the same question again.
struct VerdictSubject
{
    std::string_view session;
    std::string_view requestHash;
    std::string_view policyVersion;
    std::string_view judged; ///< a tool call, or a request, so that no two of them look alike
};

/// What people and models said, so that a client which repeats a request gets the same answer and nobody is asked
/// twice. Kept are verdicts about tool calls and requests of policies with Interests::remembersVerdicts (approval,
/// llm-judge, llm-rewrite, ask of tool-rules), if the policy or a person gave them: what came of an error or of a
/// deadline is asked anew, so is what a revocable rule of a person answered, and what a deterministic policy says is
/// simply said again. Lost with the program. Thread: any.
class VerdictMemory
{
public:
    static constexpr std::size_t kMaxVerdicts = 10'000;
    /// All of them together; one that is larger than kMaxVerdictBytes is not kept.
    static constexpr std::size_t kMaxBytes = 32UL * 1024 * 1024;
    static constexpr std::size_t kMaxVerdictBytes = 256UL * 1024;
    static constexpr std::chrono::minutes kKeptFor{15};

    explicit VerdictMemory(const Clock& clock)
        : m_clock(clock)
    {
    }

    [[nodiscard]] std::optional<PolicyVerdict> find(const VerdictSubject& subject) const;
    /// Does nothing with a verdict that is not to be kept, or about a request without a hash.
    void remember(const VerdictSubject& subject, const PolicyVerdict& verdict);
    [[nodiscard]] std::size_t size() const;

private:
    struct Kept
    {
        Digest key{};
        PolicyVerdict verdict;
        std::size_t bytes = 0;
        SteadyPoint until{};
    };

    void drop(std::list<Kept>::iterator kept);

    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::list<Kept> m_kept; ///< oldest first
    std::map<Digest, std::list<Kept>::iterator> m_places;
    std::size_t m_bytes = 0;
};

} // namespace luthien::policy
