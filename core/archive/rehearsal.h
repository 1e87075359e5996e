// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/decision.h"
#include "conversation/response.h"
#include "policy/approval_desk.h"
#include "policy/chain.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::archive {

/// Which of two verdicts counts: the greater.
[[nodiscard]] int strength(conversation::Verdict verdict) noexcept;
/// Whether recorded arguments are no JSON because the tool has a grammar of its own.
[[nodiscard]] bool looksLikeFreeText(conversation::Api api, std::string_view arguments) noexcept;

/// Whether policies that ask a model may seem to: then they are left waiting, and the outcome says so. Else they find
/// nobody to ask, and their on_error decides.
enum class Models : std::uint8_t { Absent, Silent };

/// What policies made of something.
struct Outcome
{
    /// The strongest of the decisions, Block before Hold before Replace. Hold = a person or a model would be asked.
    conversation::Verdict verdict = conversation::Verdict::Continue;
    std::vector<conversation::Decision> decisions; ///< of enforcing policies, as they were made
    std::string replaced;                          ///< of one call, text or request: what would have left instead

    /// The one that the verdict comes from; null = there is none.
    [[nodiscard]] const conversation::Decision* deciding() const;
};

/// Runs policies over what lies before them, without a network and without a person: every policy of the definitions
/// that is not off is carried out, whatever its mode, and nothing is changed or recorded. Thread: one at a time.
class Rehearsal
{
public:
    /// Errors: as policy::Chain::build; InvalidInput if all of them are off.
    [[nodiscard]] static Result<std::unique_ptr<Rehearsal>> make(policy::Registry registry,
                                                                 std::vector<policy::Definition> definitions,
                                                                 policy::Services services, Models models);
    ~Rehearsal();

    [[nodiscard]] Outcome toolCall(const policy::CallFacts& facts, std::string_view tool, std::string_view arguments);
    [[nodiscard]] Outcome text(const policy::CallFacts& facts, std::string_view text);
    [[nodiscard]] Outcome request(const policy::CallFacts& facts, std::string_view body);
    /// One call: its request, if some policy looks at it and body gives it, then its reply.
    [[nodiscard]] Outcome call(const policy::CallFacts& facts, const std::function<std::string()>& body,
                               const conversation::Response* reply);
    /// Ids of the policies that are at work.
    [[nodiscard]] const std::vector<std::string>& policies() const noexcept { return m_policies; }

private:
    class Run;
    explicit Rehearsal(Models models);

    SystemClock m_clock;
    policy::ApprovalDesk m_desk; ///< nobody sits there
    Models m_models;
    std::vector<std::string> m_policies;
    std::shared_ptr<const policy::Chain> m_chain;
};

} // namespace luthien::archive
