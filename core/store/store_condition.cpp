// SPDX-License-Identifier: Apache-2.0
#include "store/store_condition.h"

#include "base/logging.h"

#include <utility>

namespace luthien::store {

bool isTrouble(const Error& error) noexcept
{
    return error.code == ErrorCode::Io || error.code == ErrorCode::Timeout || error.code == ErrorCode::Unavailable ||
           error.code == ErrorCode::Conflict;
}

StoreCondition::StoreCondition(Server server, Metrics* metrics)
    : m_server(server)
    , m_metrics(metrics)
{
}

std::string StoreCondition::trouble() const
{
    const std::lock_guard lock(m_mutex);
    return m_trouble;
}

void StoreCondition::set(StoreState state, std::uint64_t backlogBytes, std::string trouble)
{
    if (state == StoreState::Ok && this->state() == StoreState::Ok)
        return;
    const std::string text = describe({.state = state, .backlogBytes = backlogBytes, .reason = trouble});
    StoreState before;
    {
        const std::lock_guard lock(m_mutex); // the writer and its watch: one's state never has the other's reason
        m_trouble = std::move(trouble);      // first: who sees the state finds its reason
        before = m_state.exchange(state, std::memory_order_release);
    }
    if (before != state && state == StoreState::Ok)
        qCInfo(lcStore, "everything recorded is in the database");
    else if (before != state && state == StoreState::Recovering)
        qCInfo(lcStore, "%s", text.c_str());
    else if (before != state)
        qCCritical(lcStore, "%s", text.c_str());
}

void StoreCondition::breakerMoved(Breaker::State before, Breaker::State after)
{
    m_readersPause->store(m_server == Server::Shared && after != Breaker::State::Closed, std::memory_order_relaxed);
    if (m_metrics == nullptr || after == before)
        return;
    if (after == Breaker::State::HalfOpen)
        m_metrics->add(Metric::StoreBreakerTrials);
    else if (after == Breaker::State::Closed)
        m_metrics->add(Metric::StoreBreakerCloses);
    else if (before == Breaker::State::Closed)
        m_metrics->add(Metric::StoreBreakerOpens);
}

} // namespace luthien::store
