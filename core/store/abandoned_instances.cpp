// SPDX-License-Identifier: Apache-2.0
#include "store/abandoned_instances.h"

#include "store/database.h"
#include "store/evidence.h"
#include "store/search_index.h"
#include "store/store.h"

#include <utility>

namespace luthien::store {

struct AbandonedInstances::Visit
{
    Visit(Database& database, const AbandonedInstances& from);

    EvidenceChain evidence;
    SearchIndex search;
    Removal removal;
};

AbandonedInstances::Visit::Visit(Database& database, const AbandonedInstances& from)
    : evidence(database)
    , search(database, from.m_config.readTexts)
    , removal(database, evidence, search, from.m_retention, from.m_clock)
{
    evidence.setKey(from.m_evidence.key());
}

AbandonedInstances::AbandonedInstances(Database& database, const EvidenceChain& evidence, const StoreConfig& config,
                                       const Clock& clock)
    : m_database(database)
    , m_evidence(evidence)
    , m_config(config)
    , m_clock(clock)
{
}

AbandonedInstances::~AbandonedInstances() = default;

Result<void> AbandonedInstances::look(const Retention& retention)
{
    m_retention = retention;
    disconnect();
    m_left.clear();
    auto list = m_database.statement("list_other_instances");
    if (!list)
        return list.error();
    return (*list)->each([&](const Statement& row) { m_left.push_back(row.number(0)); });
}

Result<Removal::Step> AbandonedInstances::step()
{
    if (m_left.empty())
        return Removal::Step{.progress = Removal::Progress::Done, .forgotten = {}, .aged = {}};
    const std::int64_t instance = m_left.back();
    auto lock = m_database.statement("lock_other_instance");
    auto unlock = m_database.statement("unlock_other_instance");
    if (!lock || !unlock)
        return lock ? unlock.error() : lock.error();
    const auto locked = (*lock)->bind(":number", instance).firstNumber();
    if (!locked)
        return locked.error();
    auto step = *locked ? stepAlone() : Result<Removal::Step>(Removal::Step{Removal::Progress::Done, {}, {}});
    // Only for the step: who starts it now must not wait for long.
    if (auto unlocked = *locked ? (*unlock)->bind(":number", instance).run() : Result<void>(); !unlocked)
        return unlocked.error();
    if (step && step->progress != Removal::Progress::Done)
        return step;
    m_visit.reset();
    m_left.pop_back();
    if (!step || m_left.empty())
        disconnect();
    if (step)
        step->progress = Removal::Progress::Busy;
    return step;
}

Result<Removal::Step> AbandonedInstances::stepAlone()
{
    if (!m_visit) {
        if (auto connected = connect(); !connected)
            return connected.error();
        m_visitor->setInstance(m_left.back());
        m_visit = std::make_unique<Visit>(*m_visitor, *this);
    }
    auto step = m_visit->removal.step();
    if (step)
        step->aged.instance = m_left.back();
    return step;
}

Result<void> AbandonedInstances::connect()
{
    if (m_visitor)
        return {};
    auto database = Database::open(m_config.location(), Access::ReadWrite);
    if (!database)
        return database.error();
    m_visitor = *std::move(database);
    m_visitor->watch(m_config.answerLimit);
    return {};
}

void AbandonedInstances::disconnect()
{
    m_visit.reset();
    m_visitor.reset();
}

} // namespace luthien::store
