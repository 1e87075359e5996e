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
    Visit(std::unique_ptr<Database> connection, const AbandonedInstances& from);

    std::unique_ptr<Database> database;
    EvidenceChain evidence;
    SearchIndex search;
    Removal removal;
};

AbandonedInstances::Visit::Visit(std::unique_ptr<Database> connection, const AbandonedInstances& from)
    : database(std::move(connection))
    , evidence(*database)
    , search(*database, from.m_config.readTexts)
    , removal(*database, evidence, search, from.m_config.retention, from.m_clock)
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

Result<void> AbandonedInstances::look()
{
    m_visit.reset();
    m_left.clear();
    auto list = m_database.statement("list_other_instances");
    if (!list)
        return list.error();
    if (auto done = (*list)->exec(); !done)
        return done;
    auto row = (*list)->next();
    for (; row && *row; row = (*list)->next())
        m_left.push_back((*list)->number(0));
    (*list)->finish();
    return row ? Result<void>() : row.error();
}

Result<Removal::Step> AbandonedInstances::step()
{
    if (m_left.empty())
        return Removal::Step{.progress = Removal::Progress::Done, .forgotten = {}};
    const std::int64_t instance = m_left.back();
    auto lock = m_database.statement("lock_other_instance");
    auto unlock = m_database.statement("unlock_other_instance");
    if (!lock || !unlock)
        return lock ? unlock.error() : lock.error();
    const auto locked = (*lock)->bind(":number", instance).firstNumber();
    if (!locked)
        return locked.error();
    auto step = *locked ? stepAlone() : Result<Removal::Step>(Removal::Step{Removal::Progress::Done, {}});
    // Only for the step: who starts it now must not wait for long.
    if (auto unlocked = *locked ? (*unlock)->bind(":number", instance).run() : Result<void>(); !unlocked)
        return unlocked.error();
    if (step && step->progress != Removal::Progress::Done)
        return step;
    m_visit.reset();
    m_left.pop_back();
    if (step)
        step->progress = Removal::Progress::Busy;
    return step;
}

Result<Removal::Step> AbandonedInstances::stepAlone()
{
    if (!m_visit) {
        auto begun = visit(m_left.back());
        if (!begun)
            return begun.error();
        m_visit = *std::move(begun);
    }
    return m_visit->removal.step();
}

Result<std::unique_ptr<AbandonedInstances::Visit>> AbandonedInstances::visit(std::int64_t instance) const
{
    auto database = Database::open(m_config.location(), Access::ReadWrite);
    if (!database)
        return database.error();
    (*database)->watch(m_config.answerLimit);
    (*database)->setInstance(instance);
    return std::make_unique<Visit>(*std::move(database), *this);
}

} // namespace luthien::store
