// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/inference_attempts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace luthien::policy::builtin {

namespace {

constexpr std::chrono::milliseconds kFirstPause{500};
constexpr std::chrono::milliseconds kLongestPause{8000};

std::chrono::milliseconds pauseAfter(int attempts)
{
    return std::min(kLongestPause, kFirstPause * (1 << std::min(attempts - 1, 10)));
}

/// 0 = none was given.
int statusOf(const Error& error)
{
    int status = 0;
    std::from_chars(error.context.data(), error.context.data() + error.context.size(), status);
    return status;
}

/// Statuses of clients' errors that asking again can mend.
constexpr std::array<int, 4> kLater{408, 409, 425, 429};

bool mayPass(const Error& error)
{
    if (error.code == ErrorCode::Timeout)
        return true;
    if (error.code != ErrorCode::Unavailable)
        return false;
    const int status = statusOf(error);
    return status < 400 || status >= 500 || std::ranges::find(kLater, status) != kLater.end();
}

} // namespace

InferenceAttempts::InferenceAttempts(const PolicyContext& context, InferenceRequest request, AttemptPlan plan)
    : m_context(context)
    , m_request(std::move(request))
    , m_plan(plan)
    , m_deadline(context.clock.steady() + plan.timeout)
    , m_nextAt(m_deadline)
{
    ask(context.clock.steady());
}

void InferenceAttempts::ask(SteadyPoint now)
{
    ++m_attempts;
    InferenceRequest request = m_request;
    request.timeout = std::chrono::ceil<std::chrono::milliseconds>(m_deadline - now);
    m_job = m_context.inference->ask(std::move(request), [this](Result<InferenceReply> reply) {
        m_reply = std::move(reply);
        m_context.wake();
    });
    m_call = m_job->call();
}

bool InferenceAttempts::isWorthAnother(const Error& error, SteadyPoint now) const
{
    return mayPass(error) && m_attempts <= m_plan.retries && now + pauseAfter(m_attempts) < m_deadline;
}

std::optional<Result<InferenceReply>> InferenceAttempts::answer()
{
    const SteadyPoint now = m_context.clock.steady();
    if (m_reply) {
        if (*m_reply || !isWorthAnother(m_reply->error(), now))
            return m_reply;
        m_nextAt = now + pauseAfter(m_attempts);
        m_reply.reset();
        m_job.reset();
    }
    if (now >= m_deadline) {
        m_job.reset();
        m_reply = Error{ErrorCode::Timeout, "The model did not answer in time.", {}};
        return m_reply;
    }
    if (!m_job && now >= m_nextAt)
        ask(now);
    return std::nullopt;
}

SteadyPoint InferenceAttempts::due() const noexcept
{
    return m_job ? m_deadline : std::min(m_deadline, m_nextAt);
}

} // namespace luthien::policy::builtin
