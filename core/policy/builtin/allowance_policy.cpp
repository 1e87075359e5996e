// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/allowance_policy.h"

#include <array>
#include <cstdio>
#include <utility>

namespace luthien::policy::builtin {

namespace {

constexpr std::array<std::string_view, 3> kSpentByNames{"session", "client", "all"};
constexpr std::array<std::string_view, 3> kWhose{"this session", "this client", "all clients"};

std::string dollars(std::int64_t nanoUsd)
{
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "$%.4f", static_cast<double>(nanoUsd) / 1e9);
    return text.data();
}

/// Asks before the request, counts after the reply.
class AllowanceCall final : public PolicyCall
{
public:
    AllowanceCall(const Allowance& allowance, const std::string& span, SpendingBook& book, const PolicyContext& context)
        : m_allowance(allowance)
        , m_span(span)
        , m_book(book)
        , m_facts(context.facts)
        , m_isShadow(context.mode == conversation::PolicyMode::Shadow)
    {
    }

    [[nodiscard]] Result<PolicyVerdict> request(std::span<const conversation::RequestPart>) override
    {
        const std::optional<Overdraft> overdraft = m_book.begin(m_facts.call, spender(), m_allowance);
        if (!overdraft)
            return PolicyVerdict{};
        return PolicyVerdict{.verdict = conversation::Verdict::Block,
                             .reason = overdraftText(*overdraft, m_allowance.by, m_span)};
    }

    void ended(const conversation::CallEnded& event) override
    {
        if (event.status == conversation::CallStatus::Blocked && !event.firstByteAt)
            m_book.withdraw(m_facts.call, spender());
        else
            m_book.end(m_facts.call, spender(), tokensOf(m_facts.api, event.usage), event.costNanoUsd.value_or(0));
    }

private:
    [[nodiscard]] Spender spender() const
    {
        return {.session = m_facts.identity.session, .client = m_facts.identity.client, .isShadow = m_isShadow};
    }

    const Allowance& m_allowance;
    const std::string& m_span;
    SpendingBook& m_book;
    const CallFacts& m_facts;
    const bool m_isShadow;
};

class AllowancePolicy final : public Policy
{
public:
    AllowancePolicy(Allowance allowance, std::string span, SpendingBook& book)
        : m_allowance(allowance)
        , m_span(std::move(span))
        , m_book(book)
    {
    }

    [[nodiscard]] Interests interests() const noexcept override { return {.request = true, .end = true}; }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext& context) const override
    {
        return std::make_unique<AllowanceCall>(m_allowance, m_span, m_book, context);
    }

private:
    Allowance m_allowance;
    std::string m_span;
    SpendingBook& m_book;
};

} // namespace

SpentBy readSpentBy(ObjectReader& reader)
{
    return static_cast<SpentBy>(reader.choice("by", kSpentByNames).value_or(static_cast<std::size_t>(SpentBy::All)));
}

std::shared_ptr<const Policy> makeAllowancePolicy(Allowance allowance, std::string span, SpendingBook& book)
{
    return std::make_shared<AllowancePolicy>(allowance, std::move(span), book);
}

std::string overdraftText(const Overdraft& overdraft, SpentBy by, std::string_view span)
{
    const bool isMoney = overdraft.of == Overdraft::Of::Money;
    std::string text(kWhose[static_cast<std::size_t>(by)]);
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
    text += by == SpentBy::All ? " have used " : " has used ";
    text += isMoney ? dollars(overdraft.used) : std::to_string(overdraft.used);
    text += " of " + (isMoney ? dollars(overdraft.allowed) : std::to_string(overdraft.allowed));
    text += overdraft.of == Overdraft::Of::Requests ? " requests "
            : overdraft.of == Overdraft::Of::Tokens ? " tokens "
                                                    : " ";
    text += span;
    if (overdraft.freesAt)
        return text + "; the next request is let through at " + toRfc3339(*overdraft.freesAt) + ".";
    return text + "; nothing more is let through.";
}

} // namespace luthien::policy::builtin
