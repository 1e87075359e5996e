// SPDX-License-Identifier: Apache-2.0
#include "demo/db_drop.h"

#include "demo/db_drop_run.h"

#include <algorithm>

namespace luthien::demo {

bool DbDropOutcome::isTableGone() const
{
    const TableState* customers = after.find("customers");
    return customers == nullptr || !customers->exists;
}

const ToolAttempt* DbDropOutcome::dropAttempt() const
{
    const auto found = std::ranges::find(attempts, std::string_view(kDropCommand), &ToolAttempt::command);
    return found == attempts.end() ? nullptr : &*found;
}

DbDrop::DbDrop(ProxyRoute route, QObject* parent)
    : QObject(parent)
    , m_route(std::move(route))
{
    m_thread.setObjectName(QStringLiteral("demo"));
}

DbDrop::~DbDrop()
{
    end();
}

void DbDrop::start(const DbDropOptions& options)
{
    Q_ASSERT(thread() == QThread::currentThread());
    if (isRunning())
        return;
    auto run = std::make_unique<DbDropRun>(options);
    run->moveToThread(&m_thread);
    m_run = run.release(); // ends with its thread
    connect(&m_thread, &QThread::finished, m_run, &QObject::deleteLater);
    // The values are copied over; what arrives after end() finds another run, or none.
    const auto here = [this, run = ++m_runNumber](const auto& take) {
        QMetaObject::invokeMethod(
            this,
            [this, run, take] {
                if (isRunning() && m_runNumber == run)
                    take();
            },
            Qt::QueuedConnection);
    };
    connect(m_run, &DbDropRun::listening, m_run,
            [this, here](const std::string& url) { here([this, url] { openRoute(url); }); });
    connect(m_run, &DbDropRun::progressed, m_run,
            [this, here](const DbDropProgress& progress) { here([this, progress] { Q_EMIT progressed(progress); }); });
    connect(m_run, &DbDropRun::finished, m_run, [this, here](const DbDropOutcome& outcome) {
        here([this, outcome] {
            end();
            Q_EMIT finished(outcome);
        });
    });
    connect(m_run, &DbDropRun::failed, m_run, [this, here](const Error& error) {
        here([this, error] {
            end();
            Q_EMIT failed(error);
        });
    });
    m_thread.start();
    QMetaObject::invokeMethod(m_run, &DbDropRun::prepare, Qt::QueuedConnection);
}

void DbDrop::cancel()
{
    if (!isRunning())
        return;
    end();
    Q_EMIT failed({.code = ErrorCode::Unavailable, .message = "the demo was stopped"});
}

void DbDrop::openRoute(const std::string& providerUrl)
{
    const auto address = m_route.open(providerUrl);
    if (!address) {
        end();
        Q_EMIT failed(address.error());
        return;
    }
    m_isRouteOpen = true;
    QMetaObject::invokeMethod(m_run, [run = m_run, address = *address] { run->run(address); }, Qt::QueuedConnection);
}

void DbDrop::end()
{
    if (!isRunning())
        return;
    m_run = nullptr;
    m_thread.quit();
    m_thread.wait(); // nothing in it blocks
    if (m_isRouteOpen)
        m_route.close();
    m_isRouteOpen = false;
}

} // namespace luthien::demo
