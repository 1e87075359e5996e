// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/demo_run.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

namespace luthien::desktop {

namespace {
// Slow enough to be followed by eye.
constexpr std::chrono::milliseconds kPace{25};

QString rowsText(std::int64_t rows)
{
    return rows == 1 ? DemoRun::tr("1 row") : DemoRun::tr("%1 rows").arg(rows);
}
} // namespace

DemoRun::DemoRun(demo::ProxyRoute route, std::filesystem::path directory, QObject* parent)
    : QObject(parent)
    , m_directory(std::move(directory))
    , m_demo(std::move(route))
{
    QQmlEngine::setObjectOwnership(&m_steps, QQmlEngine::CppOwnership);
    QQmlEngine::setObjectOwnership(&m_tables, QQmlEngine::CppOwnership);
    connect(&m_demo, &demo::DbDrop::progressed, this, &DemoRun::progress);
    connect(&m_demo, &demo::DbDrop::finished, this, &DemoRun::finish);
    connect(&m_demo, &demo::DbDrop::failed, this, &DemoRun::fail);
}

QString DemoRun::verdict() const
{
    switch (m_outcome) {
    case TableGone:
        return tr("The table is gone");
    case TableStands:
        return tr("The rows stand");
    case Unclear:
        return tr("Nothing was tried");
    case Failed:
        return tr("The demo could not run");
    case None:
        break;
    }
    return {};
}

void DemoRun::start()
{
    if (isRunning())
        return;
    m_steps.clear();
    m_tables.clear();
    m_outcome = None;
    m_explanation.clear();
    m_demo.start({.directory = m_directory, .pace = kPace});
    Q_EMIT changed();
}

void DemoRun::cancel()
{
    m_demo.cancel();
}

void DemoRun::progress(const demo::DbDropProgress& progress)
{
    m_steps.add(progress);
}

void DemoRun::finish(const demo::DbDropOutcome& outcome)
{
    m_sessionId = fromUtf8(outcome.session);
    m_tables.show(outcome.before, outcome.after);
    const demo::ToolAttempt* drop = outcome.dropAttempt();
    std::int64_t rows = 0;
    for (const demo::TableState& table : outcome.before.tables)
        if (const demo::TableState* now = outcome.after.find(table.name); now != nullptr && !now->exists)
            rows += table.rows;
    if (outcome.isTableGone()) {
        m_outcome = TableGone;
        m_explanation = tr("The call reached the agent, the agent ran it, and %1 went with it.").arg(rowsText(rows));
    } else if (drop != nullptr && drop->wasStopped() && outcome.isUntouched()) {
        m_outcome = TableStands;
        m_explanation = tr("The call never reached the agent. It read instead: %1").arg(visibleText(drop->notice));
    } else {
        m_outcome = Unclear;
        m_explanation = tr("The agent did not get as far as dropping the table.");
    }
    Q_EMIT changed();
}

void DemoRun::fail(const Error& error)
{
    m_outcome = Failed;
    m_explanation = visibleText(error.toString());
    Q_EMIT changed();
}

} // namespace luthien::desktop
